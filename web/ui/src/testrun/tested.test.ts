import { describe, expect, it } from "vitest";
import type { Definition, Step } from "@/builder/model/definition";
import { outcomeOf, staleSteps, staleTrigger, type Tested, type TestStep } from "./tested";

const inner: Step = { id: "tell", type: "http_request", config: { url: "https://example.com" } };
const branch: Step = {
  id: "vip",
  type: "branch",
  branches: [{ name: "big", condition: "a", steps: [inner] }],
  otherwise: [],
};
const wait: Step = { id: "wait", type: "delay", config: { for: "3d" } };
const doc: Definition = { name: "n", trigger: { type: "t" }, once_per: "event", condition: "c", steps: [wait, branch] };
const tested = { doc, run: { steps: [] } } as unknown as Tested;
const stale = (change: Partial<Definition>) => [...staleSteps(tested, { ...doc, ...change })];

describe("staleSteps", () => {
  it("has nothing while nothing was edited, also when the same was loaded again", () => {
    expect(stale({})).toEqual([]);
    expect(stale(structuredClone(doc))).toEqual([]);
  });
  it("has the step that was edited, not the branch around it", () => {
    const edited = { ...inner, config: { url: "https://example.org" } };
    expect(
      stale({ steps: [wait, { ...branch, branches: [{ name: "big", condition: "a", steps: [edited] }] }] }),
    ).toEqual(["tell"]);
  });
  it("has a branch whose condition was edited, and steps that are gone", () => {
    expect(stale({ steps: [{ ...branch, branches: [{ name: "big", condition: "b", steps: [inner] }] }] })).toEqual([
      "wait",
      "vip",
    ]);
  });
  it("does not mind that a step was moved", () => {
    expect(stale({ steps: [branch, wait] })).toEqual([]);
  });
});

it("trigger and condition are stale by themselves", () => {
  expect(staleTrigger(tested, { ...doc, name: "other", steps: [] })).toBe(false);
  expect(staleTrigger(tested, { ...doc, condition: "d" })).toBe(true);
  expect(staleTrigger(tested, { ...doc, trigger: { type: "u" } })).toBe(true);
});

it.each<[Partial<TestStep>, string]>([
  [{ status: "succeeded", sent: true }, "done"],
  [{ status: "succeeded", sent: false }, "would"],
  [{ status: "succeeded", would_wait: "3d" }, "waits"],
  [{ status: "failed", sent: true }, "failed"],
  [{ status: "pending" }, "unknown"],
  [{ status: "skipped" }, "skipped"],
])("%j is %s", (step, outcome) => {
  expect(outcomeOf(step as TestStep)).toBe(outcome);
});
