import { describe, expect, it } from "vitest";
import type { Step } from "../model/definition";
import { milliseconds, waitsOf } from "./waits";

const wait = (id: string, time: string, more: object = {}): Step => ({
  id,
  type: "delay",
  config: { for: time },
  ...more,
});
const hour = 3_600_000;

describe("milliseconds", () => {
  it.each([
    ["90s", 90_000],
    ["36h", 36 * hour],
    ["1d12h", 36 * hour],
    ["2w", 14 * 24 * hour],
    ["soon", 0],
    ["3", 0],
    [undefined, 0],
  ])("reads %s as %d", (text, ms) => {
    expect(milliseconds(text)).toBe(ms);
  });
});

describe("waitsOf", () => {
  it("adds up the delays before a step, and says how arms differ", () => {
    const waits = waitsOf({
      steps: [
        wait("a", "1h"),
        { id: "b", type: "branch", branches: [{ steps: [wait("c", "2h")] }], otherwise: [] },
        { id: "d", type: "send_email" },
      ],
    });
    expect(waits.get("a")).toEqual({ min: 0, max: 0 });
    expect(waits.get("c")).toEqual({ min: hour, max: hour });
    expect(waits.get("d")).toEqual({ min: hour, max: 3 * hour });
  });
  it("leaves out what is switched off", () => {
    const steps = [wait("a", "1h", { disabled: true }), { id: "b", type: "send_email" }];
    expect(waitsOf({ steps }).get("b")).toEqual({ min: 0, max: 0 });
  });
});
