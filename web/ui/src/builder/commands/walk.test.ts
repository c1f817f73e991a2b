import { describe, expect, it } from "vitest";
import type { Step } from "../model/definition";
import { alongGraph, alongOutline, stopsOf, type Way } from "./walk";

const send = (id: string): Step => ({ id, type: "send_email" });
const steps: Step[] = [
  send("a"),
  {
    id: "b",
    type: "branch",
    branches: [{ name: "big", steps: [send("c"), send("d")] }, { name: "none" }],
    otherwise: [send("e")],
  },
  send("f"),
];
const stops = stopsOf({ steps });

describe("stopsOf", () => {
  it("lists every card in running order", () => {
    expect([...stops.keys()]).toEqual([
      "trigger",
      "step:a",
      "step:b",
      "arm:b:0",
      "step:c",
      "step:d",
      "arm:b:1",
      "arm:b:otherwise",
      "step:e",
      "step:f",
    ]);
  });
});

describe("alongGraph", () => {
  const cases: [string, Way, string | undefined][] = [
    ["trigger", "up", undefined],
    ["trigger", "down", "step:a"],
    ["step:a", "down", "step:b"],
    ["step:b", "down", "arm:b:0"],
    ["arm:b:0", "down", "step:c"],
    ["step:d", "down", "step:f"],
    ["arm:b:1", "down", "step:f"],
    ["step:f", "down", undefined],
    ["step:f", "up", "step:d"],
    ["step:c", "up", "arm:b:0"],
    ["arm:b:1", "up", "step:b"],
    ["step:a", "up", "trigger"],
    ["step:c", "right", "arm:b:1"],
    ["arm:b:1", "right", "arm:b:otherwise"],
    ["arm:b:otherwise", "right", undefined],
    ["step:e", "left", "arm:b:1"],
    ["step:a", "left", undefined],
    ["step:e", "first", "trigger"],
    ["step:c", "last", "step:f"],
  ];
  it.each(cases)("from %s %s leads to %s", (from, way, to) => {
    expect(alongGraph(stops, from, way)).toBe(to);
  });
  it("stays on the trigger of an empty workflow", () => {
    const empty = stopsOf({ steps: [] });
    expect(alongGraph(empty, "trigger", "down")).toBeUndefined();
    expect(alongGraph(empty, "trigger", "last")).toBe("trigger");
  });
});

describe("alongOutline", () => {
  const cases: [string, Way, string | undefined][] = [
    ["step:d", "down", "arm:b:1"],
    ["arm:b:1", "up", "step:d"],
    ["step:c", "left", "arm:b:0"],
    ["arm:b:0", "left", "step:b"],
    ["step:b", "right", "arm:b:0"],
    ["step:c", "right", undefined],
    ["step:c", "first", "trigger"],
    ["trigger", "last", "step:f"],
  ];
  it.each(cases)("from %s %s leads to %s", (from, way, to) => {
    expect(alongOutline(stops, from, way)).toBe(to);
  });
});
