import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Schema } from "@/api/client";
import type { Step } from "../model/definition";
import { flatten } from "../model/find";
import { type BuilderStore, createBuilder } from "../state/store";
import { type Ask, type Commands, createCommands } from "./commands";

const send = (id: string, config: Step["config"] = {}): Step => ({ id, type: "send_email", config });
const action: Schema<"Action"> = {
  type: "send_email",
  title: "Send e-mail",
  summary: "Sends one.",
  authentication_types: ["smtp"],
  example: {},
  outputs: [],
  fields: [{ name: "authentication_id", label: "Mail server", type: "authentication", required: true, merge: false }],
};
const mail = { id: "m1", type: "smtp", name: "Mail" } as Schema<"Authentication">;

let store: BuilderStore;
let commands: Commands;
let asked: Ask[];
let focused: string[];
let told: string[];
let kept: string;
let authentications: Schema<"Authentication">[];

function open(steps: Step[], canEdit = true) {
  const workflow = {
    id: "w",
    name: "W",
    trigger: {},
    once_per: "event",
    condition: "",
    steps,
    problems: [],
    warnings: [],
  };
  store = createBuilder({ workflow: workflow as unknown as Schema<"Workflow">, etag: '"1"' }, { canEdit });
  [asked, focused, told, kept] = [[], [], [], ""];
  commands = createCommands({
    store,
    t: (key, values) => `${key} ${values?.name ?? ""}`.trim(),
    title: (type) => (type === "send_email" ? "Send e-mail" : type),
    actions: () => [action],
    authentications: () => authentications,
    clipboard: {
      write: vi.fn(async (text: string) => {
        kept = text;
      }),
      read: async () => kept,
    },
    ask: (dialog) => asked.push(dialog),
    focus: (key) => focused.push(key),
    tell: (text) => told.push(text),
  });
}

const ids = () => flatten(store.getState().doc).map((f) => f.id);
const selected = () => {
  const { selection } = store.getState();
  return selection.kind === "step" ? selection.id : selection.kind;
};

beforeEach(() => {
  authentications = [mail];
  open([
    send("a"),
    { id: "b", type: "branch", branches: [{ name: "big", steps: [send("c")] }], otherwise: [] },
    send("d"),
  ]);
});

describe("commands", () => {
  it("puts a new step at its place, chooses it and gives it the focus", () => {
    commands.insert({ list: { in: "branch", step: "b", branch: 0 }, index: 1 }, "delay");
    expect(ids()).toEqual(["a", "b", "c", "delay", "d"]);
    expect(selected()).toBe("delay");
    expect(focused).toEqual(["step:delay"]);
    store.getState().undo();
    expect(ids()).toEqual(["a", "b", "c", "d"]);
  });

  it("fills in the only authentication that fits, and none of two", () => {
    commands.insert({ list: { in: "root" }, index: 0 }, "send_email");
    expect(store.getState().doc.steps[0]?.config).toEqual({ authentication_id: "m1" });
    authentications = [mail, { ...mail, id: "m2" }];
    commands.insert({ list: { in: "root" }, index: 0 }, "send_email");
    expect(store.getState().doc.steps[0]?.config).toEqual({});
  });

  it("goes to the step before the deleted one, and to the trigger before the first", () => {
    commands.remove("d");
    expect([selected(), focused.at(-1)]).toEqual(["c", "step:c"]);
    commands.remove("a");
    expect([selected(), focused.at(-1)]).toEqual(["trigger", "trigger"]);
    expect(ids()).toEqual(["b", "c"]);
  });

  it("opens the palette beside what is chosen", () => {
    store.getState().select({ kind: "step", id: "c" });
    commands.add();
    commands.add("before");
    store.getState().select({ kind: "trigger" });
    commands.add();
    const list = { in: "branch", step: "b", branch: 0 };
    expect(asked).toEqual([
      { kind: "palette", place: { list, index: 1 } },
      { kind: "palette", place: { list, index: 0 } },
      { kind: "palette", place: { list: { in: "root" }, index: 0 } },
    ]);
  });

  it("moves a step up and down, into and out of a branch, and says where it cannot", () => {
    commands.shift("d", -1);
    expect(store.getState().doc.steps.map((s) => s.id)).toEqual(["a", "b"]);
    expect([selected(), focused.at(-1)]).toEqual(["d", "step:d"]);
    commands.shift("a", -1);
    expect(told).toEqual(["say.first Send e-mail"]);
    expect(commands.canShift("a", -1)).toBe(false);
  });

  it("cuts and pastes with a new place, and keeps the id", async () => {
    await commands.cut("c");
    expect(ids()).toEqual(["a", "b", "d"]);
    store.getState().select({ kind: "step", id: "d" });
    await commands.paste();
    expect(ids()).toEqual(["a", "b", "d", "c"]);
    expect(selected()).toBe("c");
  });

  it("copies and pastes under a free id", async () => {
    await commands.copy("a");
    await commands.paste({ list: { in: "root" }, index: 0 });
    expect(ids()).toEqual(["a-2", "a", "b", "c", "d"]);
  });

  it("asks for authentications that pasted steps lack, and puts the chosen ones in", async () => {
    const text = JSON.stringify({ steps: [send("x", { authentication_id: "gone" })] });
    await commands.paste(undefined, text);
    expect(asked).toEqual([{ kind: "missing", ids: ["gone"], steps: ["x"] }]);
    commands.replaceAuthentications(["x"], { gone: "m1" });
    expect(store.getState().doc.steps.find((s) => s.id === "x")?.config?.authentication_id).toBe("m1");
  });

  it("says so when the clipboard holds no steps", async () => {
    await commands.paste(undefined, "hello");
    expect(told).toEqual(["say.nothingToPaste"]);
    expect(store.getState().past).toEqual([]);
  });

  it("switches a step off and on", () => {
    commands.toggle("a");
    expect(store.getState().doc.steps[0]).toMatchObject({ disabled: true });
    commands.toggle("a");
    expect(store.getState().doc.steps[0]).not.toHaveProperty("disabled");
    expect(store.getState().past.map((p) => p.label)).toEqual(["edit.disable Send e-mail", "edit.enable Send e-mail"]);
  });

  it("changes nothing for who may not edit", () => {
    open([send("a")], false);
    commands.add();
    commands.remove("a");
    commands.duplicate("a");
    expect(asked).toEqual([]);
    expect(ids()).toEqual(["a"]);
  });
});
