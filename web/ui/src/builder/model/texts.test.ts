import { describe, expect, it } from "vitest";
import {
  copySteps,
  type Definition,
  describeCondition,
  describeStep,
  differences,
  durationWords,
  equal,
  isAt,
  locate,
  pasteSteps,
  renameInExpression,
  renameInTemplate,
  type Step,
  sameDefinition,
  shortTemplate,
  stepsIn,
  stepsRead,
  targetOf,
} from "./index";

const step = (id: string, config: Record<string, unknown> = {}): Step => ({ id, type: "http_request", config });

function workflow(steps: Step[]): Definition {
  return { name: "Test", trigger: { type: "t" }, once_per: "event", condition: "", steps };
}

const nested = workflow([
  step("a"),
  {
    id: "b",
    type: "branch",
    branches: [
      { name: "x", steps: [] },
      { name: "y", steps: [step("c")] },
    ],
    otherwise: [step("d")],
  },
]);

describe("references", () => {
  const names = new Map([
    ["tell", "call-2"],
    ["my-step", "plain"],
  ]);
  it.each([
    ["a merge code", "Steps | tell | status", "Steps | call-2 | status"],
    ["one written tightly", "Steps|tell|status", "Steps|call-2|status"],
    ["a path", "Steps.tell.status == 200", 'Steps["call-2"].status == 200'],
    ["an optional path", "Steps?.tell.status", 'Steps["call-2"].status'],
    ["an index", `Steps["my-step"].x and Steps['tell'].y`, `Steps.plain.x and Steps["call-2"].y`],
    ["after or", "true || Steps.tell.ok", 'true || Steps["call-2"].ok'],
    ["another step", "Steps.tells.status", "Steps.tells.status"],
    ["a member of something else", "BigCommerce.Steps.tell", "BigCommerce.Steps.tell"],
    ["a segment of another code", "BigCommerce | Steps | tell", "BigCommerce | Steps | tell"],
  ])("follows %s", (_, text, want) => expect(renameInExpression(text, names)).toBe(want));
  it("leaves the text of a template alone", () => {
    expect(renameInTemplate("Our Steps.tell you: {{ Steps | tell | a }}{{= Steps.tell.b }}", names)).toBe(
      'Our Steps.tell you: {{ Steps | call-2 | a }}{{= Steps["call-2"].b }}',
    );
  });
  it("finds what is read", () => {
    expect([...stepsRead([{ a: "{{ Steps | x | y }}", b: ['Steps["z"].q'] }])]).toEqual(["x", "z"]);
  });
});

describe("clipboard", () => {
  const place = { list: { in: "root" as const }, index: 1 };
  it("copies a step once, also when one inside it is chosen", () => {
    expect(stepsIn(copySteps(nested, ["c", "b"]))?.map((s) => s.id)).toEqual(["b"]);
  });
  it("pastes with new ids where they are taken, and mends references inside", () => {
    const two = workflow([step("a"), step("n", { body: "{{ Steps | a | x }}", authentication_id: "elsewhere" })]);
    const pasted = pasteSteps(workflow([step("a")]), place, copySteps(two, ["a", "n"]), ["here"]);
    expect(pasted?.ids).toEqual(["a-2", "n"]);
    expect(pasted?.def.steps.map((s) => s.id)).toEqual(["a", "a-2", "n"]);
    expect(pasted?.def.steps[2]?.config?.body).toBe("{{ Steps | a-2 | x }}");
    expect(pasted?.missing).toEqual(["elsewhere"]);
    expect(pasted?.unread).toEqual([]);
  });
  it("tells of steps that are read and not here", () => {
    const one = workflow([step("n", { body: "{{ Steps | far | x }}" })]);
    expect(pasteSteps(workflow([]), place, copySteps(one, ["n"]), [])?.unread).toEqual(["far"]);
  });
  it("takes a workflow as the API shows it", () => {
    expect(pasteSteps(workflow([]), place, JSON.stringify(nested), [])?.ids).toEqual(["a", "b"]);
  });
  it.each([
    "hello",
    "{}",
    "[]",
    "null",
    '{"steps":[1]}',
    '{"steps":[{"type":"branch","branches":[{"steps":[null]}]}]}',
    '[{"type":"x","config":[]}]',
    '[{"type":"x","id":5}]',
    '[{"type":"branch","branches":[null]}]',
  ])("takes no steps from %s", (text) => expect(stepsIn(text)).toBeUndefined());
});

describe("locations", () => {
  it.each([
    ["body.steps[1].branches[1].steps[0].config.url", { kind: "step", stepId: "c", field: "config.url" }],
    ["body.steps[1].otherwise[0].retry.attempts", { kind: "step", stepId: "d", field: "retry.attempts" }],
    ["body.steps[1].branches[1].condition", { kind: "step", stepId: "b", field: "branches[1].condition" }],
    ["body.steps[0]", { kind: "step", stepId: "a", field: "" }],
    ["body.condition", { kind: "trigger", field: "condition" }],
    ["body.trigger.config.after", { kind: "trigger", field: "trigger.config.after" }],
    ["body.once_per", { kind: "trigger", field: "once_per" }],
    ["body.name", { kind: "workflow", field: "name" }],
    ["body.steps", { kind: "workflow", field: "steps" }],
    ["body.steps[9].config.url", { kind: "workflow", field: "body.steps[9].config.url" }],
  ])("reads %s", (location, target) => {
    expect(targetOf(nested, location)).toEqual(target);
  });
  it("says whether a problem is at a field", () => {
    const [p] = locate(nested, [{ location: "body.steps[0].config.headers.X", message: "m" }]);
    expect(p && [isAt(p, "config.headers"), isAt(p, "config.headers.X"), isAt(p, "config.head")]).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe("words", () => {
  const words = {
    title: (type: string) => type,
    t: (key: string, values?: Record<string, unknown>) => (values ? `${key} ${Object.values(values).join(" ")}` : key),
  };
  it.each([
    ["3d", "duration.days 3"],
    ["1h30m", "duration.hours 1 duration.minutes 30"],
    ["soon", "soon"],
    ["", ""],
  ])("says the duration %s", (text, want) => expect(durationWords(text, words)).toBe(want));
  it("shortens templates", () => {
    expect(
      shortTemplate('<p>Hi {{ BigCommerce | Customer | first_name ?? "there" }},</p>\n{{#each X}}a{{/each}}'),
    ).toBe("Hi [Customer first_name], a");
  });
  it.each<[Step, string]>([
    [step("a", { url: "https://example.com", method: "POST" }), "POST https://example.com"],
    [step("a", { to: "x", subject: "Hello" }), "Hello"],
    [step("a"), "describe.empty"],
    [{ id: "w", type: "delay", config: { for: "3d" } }, "duration.days 3"],
    [{ id: "b", type: "branch", branches: [{ name: "big" }, {}] }, "big, describe.arm 2"],
  ])("describes a step", (s, want) => expect(describeStep(s, words)).toBe(want));
  it("describes conditions", () => {
    expect(describeCondition(" \n", words)).toBe("describe.always");
    expect(describeCondition("BigCommerce.Order.id\n > 5", words)).toBe("Order | id conditions:operator.gt 5");
    expect(describeCondition("len(BigCommerce.Products)\n > 5", words)).toBe("len(Products) > 5");
  });
});

describe("differences", () => {
  const kinds = (a: Definition, b: Definition) =>
    differences(a, b).map((d) => [d.kind, d.step?.id, d.field].filter(Boolean).join(" "));
  it("finds none in what the server only writes otherwise", () => {
    const other = workflow([{ ...step("a"), on_error: "stop" }, ...nested.steps.slice(1)]);
    expect(kinds(nested, other)).toEqual([]);
    expect(
      sameDefinition(workflow([{ ...step("a"), config: {} }]), workflow([{ id: "a", type: "http_request" }])),
    ).toBe(true);
    expect(sameDefinition(workflow([step("a", { x: 0 })]), workflow([step("a")]))).toBe(false);
  });
  it("tells of the workflow and of steps", () => {
    const after: Definition = {
      ...workflow([step("n"), step("a", { url: "x" })]),
      condition: "true",
      trigger: { type: "u" },
    };
    expect(kinds(nested, after)).toEqual([
      "changed trigger.type",
      "changed condition",
      "added n",
      "changed a config.url",
      "removed b",
      "removed c",
      "removed d",
    ]);
  });
  it("calls moved only what overtook, not what was pushed", () => {
    const before = workflow([step("a"), step("b"), step("c"), step("d")]);
    expect(kinds(before, workflow([step("d"), step("a"), step("b"), step("c")]))).toEqual(["moved d"]);
    expect(kinds(before, workflow([step("n"), step("a"), step("b"), step("c"), step("d")]))).toEqual(["added n"]);
  });
  it("tells of arms", () => {
    const after = workflow([
      step("a"),
      { id: "b", type: "branch", branches: [{ name: "x", condition: "true" }], otherwise: [step("d"), step("c")] },
    ]);
    expect(kinds(nested, after)).toEqual(["changed b branches[0].condition", "changed b branches[1].name", "moved c"]);
  });
  it("compares as JSON", () => {
    expect(equal({ a: 1, b: undefined }, { a: 1 })).toBe(true);
    expect(equal({ a: [1, 2] }, { a: [2, 1] })).toBe(false);
    expect(equal([], {})).toBe(false);
    expect(equal(null, {})).toBe(false);
  });
});
