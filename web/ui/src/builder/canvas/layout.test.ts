import { describe, expect, it } from "vitest";
import type { Step } from "../model/definition";
import { type Box, layout } from "./layout";

const send = (id: string): Step => ({ id, type: "send_email", config: {} });
const fork = (id: string, ...arms: Step[][]): Step => ({
  id,
  type: "branch",
  branches: arms.slice(0, -1).map((steps, i) => ({ name: `arm ${i}`, condition: "true", steps })),
  otherwise: arms.at(-1),
});

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** 200 steps, a quarter of them branches, four deep. */
function large(): Step[] {
  let left = 200;
  const list = (depth: number): Step[] => {
    const steps: Step[] = [];
    while (left > 0 && steps.length < (depth === 0 ? 200 : 2)) {
      const id = `s${left--}`;
      steps.push(left % 4 === 0 && depth < 4 ? fork(id, list(depth + 1), list(depth + 1), []) : send(id));
    }
    return steps;
  };
  return list(0);
}

describe("layout", () => {
  it("puts an empty workflow's trigger above its end, with a + between", () => {
    const picture = layout({ steps: [] });
    expect(picture.boxes.map((b) => b.kind)).toEqual(["trigger", "end"]);
    expect(picture.boxes[0]?.place).toEqual({ list: { in: "root" }, index: 0 });
    expect(picture.boxes[1]?.y).toBeGreaterThan((picture.boxes[0]?.y ?? 0) + (picture.boxes[0]?.height ?? 0));
  });

  it("lists boxes in running order, arms from the first to otherwise", () => {
    const { boxes } = layout({ steps: [send("a"), fork("b", [send("c")], [], [send("d")]), send("e")] });
    expect(boxes.map((b) => b.key)).toEqual([
      "trigger",
      "step:a",
      "step:b",
      "arm:b:0",
      "step:c",
      "arm:b:1",
      "arm:b:otherwise",
      "step:d",
      "join:b",
      "step:e",
      "end",
    ]);
    const arms = boxes.filter((b) => b.kind === "arm").map((b) => b.x);
    expect(arms).toEqual([...arms].sort((x, y) => x - y));
  });

  it("gives every edge and end a + that knows its place", () => {
    const { boxes } = layout({ steps: [send("a"), fork("b", [send("c")], [])] });
    const places = Object.fromEntries(boxes.filter((b) => b.place).map((b) => [b.key, b.place]));
    expect(places).toEqual({
      trigger: { list: { in: "root" }, index: 0 },
      "step:a": { list: { in: "root" }, index: 1 },
      "arm:b:0": { list: { in: "branch", step: "b", branch: 0 }, index: 0 },
      "step:c": { list: { in: "branch", step: "b", branch: 0 }, index: 1 },
      "arm:b:otherwise": { list: { in: "otherwise", step: "b" }, index: 0 },
      "join:b": { list: { in: "root" }, index: 2 },
    });
  });

  it("keeps 200 nested steps apart, in time", () => {
    const steps = large();
    const begun = performance.now();
    const { boxes, steps: count } = layout({ steps });
    expect(performance.now() - begun).toBeLessThan(150);
    expect(count).toBe(200);
    const collisions = boxes.flatMap((a, i) =>
      boxes.slice(i + 1).flatMap((b) => (overlap(a, b) ? [`${a.key} and ${b.key}`] : [])),
    );
    expect(collisions).toEqual([]);
  });

  it("shows what stands in a branch that is switched off as off", () => {
    const off = { ...fork("b", [send("c")], []), disabled: true };
    const { boxes } = layout({ steps: [off, send("d")] });
    const state = boxes.flatMap((b) => (b.kind === "step" || b.kind === "arm" ? [[b.key, b.off]] : []));
    expect(Object.fromEntries(state)).toEqual({
      "step:b": true,
      "arm:b:0": true,
      "step:c": true,
      "arm:b:otherwise": true,
      "step:d": false,
    });
  });

  it("gives two steps of one id two keys, and bears a branch without lists", () => {
    const { boxes } = layout({ steps: [send("a"), send("a"), { id: "b", type: "branch" }] });
    const keys = boxes.map((b) => b.key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toContain("arm:b:otherwise");
  });
});
