import { describe, expect, it } from "vitest";
import type { Step } from "../model/definition";
import { layout } from "./layout";
import { type CardNode, nodesOf } from "./nodes";
import { waitsOf } from "./waits";

function draw(steps: Step[], before: CardNode[] = []): CardNode[] {
  return nodesOf(layout({ steps }), waitsOf({ steps }), before, (b) => b.key);
}
const send = (id: string): Step => ({ id, type: "send_email" });
const fork = (id: string, steps: Step[]): Step => ({
  id,
  type: "branch",
  branches: [{ name: "big", steps }],
  otherwise: [],
});
const byId = (nodes: CardNode[]) => Object.fromEntries(nodes.map((n) => [n.id, n]));

describe("nodesOf", () => {
  it("keeps the objects of cards that did not change", () => {
    const a = send("a");
    const before = draw([a, send("b")]);
    const after = draw([a, { id: "b", type: "send_email", config: { subject: "Hi" } }], before);
    expect(byId(after)["step:a"]).toBe(byId(before)["step:a"]);
    expect(byId(after).trigger).toBe(byId(before).trigger);
    expect(byId(after)["step:b"]).not.toBe(byId(before)["step:b"]);
  });
  it("draws a card again that moved or begins later", () => {
    const [a, b] = [send("a"), send("b")];
    const before = draw([a, b]);
    const after = draw([{ id: "w", type: "delay", config: { for: "3d" } }, a, b], before);
    expect(byId(after)["step:a"]).not.toBe(byId(before)["step:a"]);
    expect(byId(after)["step:a"]?.data.wait).toEqual({ min: 259_200_000, max: 259_200_000 });
  });
  it("keeps the face of a card that only moved", () => {
    const [a, b] = [send("a"), fork("b", [send("c")])];
    const before = draw([a, b]);
    const after = draw([a, send("n"), b], before);
    expect(byId(after)["step:c"]).not.toBe(byId(before)["step:c"]);
    expect(byId(after)["step:c"]?.position.y).toBeGreaterThan(byId(before)["step:c"]?.position.y ?? 0);
    expect(byId(after)["step:c"]?.data).toBe(byId(before)["step:c"]?.data);
    expect(byId(after)["step:b"]?.data).not.toBe(byId(before)["step:b"]?.data); // it stands second in its list now
  });
  it("gives every card its size, so that the map shows it", () => {
    for (const node of draw([send("a")])) {
      expect(node.measured?.width).toBeGreaterThan(0);
      expect(node.height).toBeGreaterThan(0);
    }
  });
});
