import { describe, expect, it } from "vitest";
import type { Definition, Step } from "../model/definition";
import { moveStep } from "../model/edit-steps";
import { find } from "../model/find";
import { targetsOf } from "./places";

const send = (id: string): Step => ({ id, type: "send_email" });
const def = {
  name: "x",
  trigger: {},
  once_per: "event",
  condition: "",
  steps: [
    send("a"),
    { id: "b", type: "branch", branches: [{ name: "big", steps: [send("c")] }], otherwise: [] },
    send("d"),
  ],
} as Definition;

describe("targetsOf", () => {
  it("leaves out where the step stands", () => {
    expect(targetsOf(def, "a").map((t) => t.key)).toEqual([
      "in b/0",
      "after c",
      "in b/otherwise",
      "after b",
      "after d",
    ]);
    expect(targetsOf(def, "c").map((t) => t.key)).not.toContain("in b/0");
  });
  it("never leads into the step itself", () => {
    expect(targetsOf(def, "b").map((t) => t.key)).toEqual(["in root", "after d"]);
  });
  it("names only places that a move reaches", () => {
    for (const target of targetsOf(def, "a")) {
      const moved = find(moveStep(def, "a", target.place), "a");
      expect(moved?.list, target.key).toEqual(target.place.list);
    }
  });
  it("has none for a step that is gone", () => {
    expect(targetsOf(def, "zz")).toEqual([]);
  });
});
