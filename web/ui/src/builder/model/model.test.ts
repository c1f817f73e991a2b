import { describe, expect, it } from "vitest";
import {
  addBranch,
  beforeStep,
  type Definition,
  duplicateStep,
  find,
  flatten,
  idsOf,
  insertStep,
  isDisabled,
  listOf,
  moveBranch,
  moveStep,
  newStep,
  nextPlace,
  removeBranch,
  removeStep,
  renameStep,
  type Step,
  setBranch,
  setDisabled,
  setStepField,
  setTrigger,
  setTriggerField,
  sizeOf,
  slug,
  stepsBefore,
  uniqueId,
  validId,
  withIds,
} from "./index";

const step = (id: string, config: Record<string, unknown> = {}): Step => ({ id, type: "http_request", config });

/** a, b(arms x: c d, y: -, otherwise: e), f */
function workflow(): Definition {
  return {
    name: "Test",
    trigger: { type: "bigcommerce.order_created", authentication_id: "store", config: {} },
    once_per: "event",
    condition: "",
    steps: [
      step("a"),
      {
        id: "b",
        type: "branch",
        branches: [
          { name: "x", condition: "Steps.a.status == 200", steps: [step("c"), step("d")] },
          { name: "y", condition: "true", steps: [] },
        ],
        otherwise: [step("e")],
      },
      step("f", { body: "{{ Steps | a | status }} and {{ Steps | c | status }}" }),
    ],
  };
}

const order = (def: Definition) => flatten(def).map((f) => f.id);

describe("finding", () => {
  it("lists steps in running order with their depth", () => {
    expect(flatten(workflow()).map((f) => [f.id, f.depth, f.number])).toEqual([
      ["a", 0, 1],
      ["b", 0, 2],
      ["c", 1, 3],
      ["d", 1, 4],
      ["e", 1, 5],
      ["f", 0, 6],
    ]);
  });
  it("tells where a step stands", () => {
    expect(find(workflow(), "d")).toMatchObject({ list: { in: "branch", step: "b", branch: 0 }, index: 1 });
    expect(find(workflow(), "e")).toMatchObject({ list: { in: "otherwise", step: "b" }, index: 0 });
    expect(find(workflow(), "zz")).toBeUndefined();
  });
  it("gives no steps for a list that is gone", () => {
    expect(listOf(workflow(), { in: "branch", step: "b", branch: 7 })).toEqual([]);
    expect(listOf(workflow(), { in: "otherwise", step: "zz" })).toEqual([]);
  });
  it("measures", () => {
    const b = find(workflow(), "b")?.step as Step;
    expect(sizeOf(b)).toBe(4);
    expect(stepsBefore(workflow(), "d").map((s) => s.id)).toEqual(["a", "b", "c"]);
  });
});

describe("ids", () => {
  it.each([
    ["Big order!", "big-order"],
    ["Größe", "gro-e"],
    ["***", "step"],
    ["_x_", "x"],
  ])("makes %s an id", (name, id) => expect(slug(name)).toBe(id));
  it("counts on", () => {
    expect(uniqueId(new Set(["tell", "tell-2"]), "tell")).toBe("tell-3");
  });
  it.each([
    ["tell-2", true],
    ["Tell", false],
    ["", false],
    ["-x", false],
    ["a".repeat(65), false],
  ])("knows whether %s is valid", (id, valid) => expect(validId(id)).toBe(valid));
  it("mends missing and doubled ids, and leaves what is well alone", () => {
    const def = { ...workflow(), steps: [step("a"), step("a"), { type: "stop" } as Step] };
    const mended = withIds(def);
    expect(order(mended)).toEqual(["a", "a-2", "stop"]);
    expect(withIds(mended)).toBe(mended);
  });
});

describe("steps", () => {
  it("makes steps with free ids", () => {
    expect(newStep(workflow(), "bigcommerce.add_note").id).toBe("add_note");
    const made = insertStep(workflow(), { list: { in: "root" }, index: 0 }, newStep(workflow(), "branch"));
    expect(newStep(made, "branch").id).toBe("branch-2");
  });
  it("inserts in every kind of list", () => {
    const def = workflow();
    expect(order(insertStep(def, { list: { in: "root" }, index: 1 }, step("n")))).toEqual([
      "a",
      "n",
      "b",
      "c",
      "d",
      "e",
      "f",
    ]);
    expect(order(insertStep(def, { list: { in: "branch", step: "b", branch: 1 }, index: 0 }, step("n")))[4]).toBe("n");
    expect(order(insertStep(def, { list: { in: "otherwise", step: "b" }, index: 1 }, step("n")))[5]).toBe("n");
    expect(insertStep(def, { list: { in: "otherwise", step: "gone" }, index: 0 }, step("n"))).toBe(def);
  });
  it("makes an otherwise where there was none", () => {
    const def = { ...workflow(), steps: [{ id: "b", type: "branch" }] };
    expect(order(insertStep(def, { list: { in: "otherwise", step: "b" }, index: 0 }, step("n")))).toEqual(["b", "n"]);
  });
  it("does not write into the definition it was given, and shares what did not change", () => {
    const def = workflow();
    const next = removeStep(def, "d");
    expect(order(def)).toContain("d");
    expect(next.steps[2]).toBe(def.steps[2]);
    expect(next.steps[1]).not.toBe(def.steps[1]);
  });
  it("removes with what is inside", () => {
    expect(order(removeStep(workflow(), "b"))).toEqual(["a", "f"]);
    expect(beforeStep(workflow(), "f")).toBe("e");
    expect(beforeStep(workflow(), "a")).toBeUndefined();
  });
  it.each([
    ["forward in its list", "a", { list: { in: "root" as const }, index: 3 }, ["b", "c", "d", "e", "f", "a"]],
    ["to where it stands", "a", { list: { in: "root" as const }, index: 1 }, ["a", "b", "c", "d", "e", "f"]],
    [
      "into a branch",
      "f",
      { list: { in: "branch" as const, step: "b", branch: 0 }, index: 1 },
      ["a", "b", "c", "f", "d", "e"],
    ],
    ["out of a branch", "d", { list: { in: "root" as const }, index: 0 }, ["d", "a", "b", "c", "e", "f"]],
    [
      "into itself, which is refused",
      "b",
      { list: { in: "otherwise" as const, step: "b" }, index: 0 },
      ["a", "b", "c", "d", "e", "f"],
    ],
  ])("moves %s", (_, id, place, want) => {
    expect(order(moveStep(workflow(), id, place))).toEqual(want);
  });
  it("moves down through every place, and back up again", () => {
    const places: string[] = [];
    let def = workflow();
    for (let place = nextPlace(def, "a", 1); place; place = nextPlace(def, "a", 1)) {
      def = moveStep(def, "a", place);
      places.push(order(def).join(""));
    }
    // behind b it stands after its otherwise, so the same order comes twice: once inside, once outside
    expect(places).toEqual(["bacdef", "bcadef", "bcdaef", "bcdaef", "bcdaef", "bcdeaf", "bcdeaf", "bcdefa"]);
    const count = places.length;
    let up = 0;
    for (let place = nextPlace(def, "a", -1); place; place = nextPlace(def, "a", -1)) {
      def = moveStep(def, "a", place);
      up++;
    }
    expect([order(def).join(""), up]).toEqual(["abcdef", count]);
  });
  it("leaves the ends alone", () => {
    const def = workflow();
    expect(nextPlace(def, "f", 1)).toBeUndefined();
    expect(nextPlace(def, "a", -1)).toBeUndefined();
  });
  it("duplicates with free ids inside and references to the copies", () => {
    const base = setStepField(
      workflow(),
      "d",
      "url",
      "https://example.com/{{ Steps | c | status }}/{{ Steps | a | status }}",
    );
    const { def, id } = duplicateStep(base, "b");
    expect(id).toBe("b-2");
    expect(order(def)).toEqual(["a", "b", "c", "d", "e", "b-2", "c-2", "d-2", "e-2", "f"]);
    expect(find(def, "d-2")?.step.config?.url).toBe(
      "https://example.com/{{ Steps | c-2 | status }}/{{ Steps | a | status }}",
    );
    expect(find(def, "d")?.step.config?.url).toContain("Steps | c |");
  });
  it("sets and takes out fields", () => {
    const set = setStepField(workflow(), "a", "url", "x");
    expect(find(set, "a")?.step.config).toEqual({ url: "x" });
    expect(find(setStepField(set, "a", "url", undefined), "a")?.step.config).toEqual({});
  });
  it("renames with all references", () => {
    const def = renameStep(workflow(), "a", "first-call");
    expect(find(def, "f")?.step.config?.body).toBe("{{ Steps | first-call | status }} and {{ Steps | c | status }}");
    expect(find(def, "b")?.step.branches?.[0]?.condition).toBe('Steps["first-call"].status == 200');
    expect(idsOf(def).has("a")).toBe(false);
  });
  it("does not rename to an id that is taken", () => {
    const def = workflow();
    expect(renameStep(def, "a", "f")).toBe(def);
  });
  it("switches off and on", () => {
    const off = setDisabled(workflow(), "a", true);
    expect(isDisabled(find(off, "a")?.step as Step)).toBe(true);
    expect(setDisabled(off, "a", false)).toEqual(workflow());
  });
});

describe("branches and trigger", () => {
  it("adds, changes, moves and removes arms", () => {
    let def = addBranch(workflow(), "b", { name: "z" });
    def = setBranch(def, "b", 2, { condition: "1 == 1" });
    def = moveBranch(def, "b", 2, 0);
    expect(find(def, "b")?.step.branches?.map((b) => b.name)).toEqual(["z", "x", "y"]);
    expect(find(def, "b")?.step.branches?.[0]?.condition).toBe("1 == 1");
    expect(order(removeBranch(def, "b", 1))).toEqual(["a", "b", "e", "f"]);
  });
  it("refuses to move an arm out of the list", () => {
    const def = workflow();
    expect(moveBranch(def, "b", 0, 2)).toBe(def);
    expect(moveBranch(def, "b", 0, -1)).toBe(def);
  });
  it("clears the config with another trigger only", () => {
    const def = setTriggerField(workflow(), "after", "1h");
    expect(setTrigger(def, { authentication_id: "other" }).trigger.config).toEqual({ after: "1h" });
    expect(setTrigger(def, { type: "bigcommerce.cart_abandoned" }).trigger.config).toEqual({});
    expect(setTriggerField(def, "after", undefined).trigger.config).toEqual({});
  });
});
