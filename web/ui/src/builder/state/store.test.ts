import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Schema } from "@/api/client";
import { definitionOf, insertStep, newStep, removeStep, setCondition, setName } from "../model";
import { problemsAt, problemsOf } from "./problems";
import { type Kept, restored } from "./restore";
import { createBuilder, mostPast, type Saved } from "./store";

function saved(name = "Test", etag = '"1"', change: Partial<Schema<"Workflow">> = {}): Saved {
  const workflow = {
    id: "w",
    name,
    trigger: { type: "t" },
    once_per: "event",
    condition: "",
    steps: [{ id: "a", type: "http_request", config: {} }],
    problems: [],
    warnings: [],
    status: "draft",
    updated_at: "2026-01-01T00:00:00Z",
    ...change,
  } as unknown as Schema<"Workflow">;
  return { workflow, etag };
}

describe("the store", () => {
  let now = 0;
  const say = vi.fn();
  const make = (canEdit = true, from = saved()) => createBuilder(from, { canEdit, now: () => now, say });
  beforeEach(() => {
    now = 10_000;
    say.mockReset();
  });

  it("undoes and redoes, with what was chosen", () => {
    const { getState } = make();
    const step = newStep(getState().doc, "delay");
    getState().edit("added", (def) => insertStep(def, { list: { in: "root" }, index: 1 }, step), {
      select: { kind: "step", id: "delay" },
    });
    expect(getState().selection).toEqual({ kind: "step", id: "delay" });
    getState().undo();
    expect(getState().doc.steps).toHaveLength(1);
    expect(getState().selection).toEqual({ kind: "trigger" });
    getState().redo();
    expect(getState().doc.steps).toHaveLength(2);
    expect(getState().saving).toBe("dirty");
    expect(say.mock.calls).toEqual([
      ["edit", "added"],
      ["undo", "added"],
      ["redo", "added"],
    ]);
  });
  it("makes one step of undo of what is typed in one field within a second, and says nothing", () => {
    const { getState } = make();
    for (const name of ["N", "Ne", "New"]) {
      now += 900;
      getState().edit("name", (def) => setName(def, name), { key: "name" });
    }
    expect(getState().past).toHaveLength(1);
    now += 1000;
    getState().edit("name", (def) => setName(def, "New one"), { key: "name" });
    getState().edit("condition", (def) => setCondition(def, "true"), { key: "condition" });
    expect(getState().past).toHaveLength(3);
    expect(say).not.toHaveBeenCalled();
    getState().undo();
    getState().undo();
    expect(getState().doc.name).toBe("New");
  });
  it("does not merge into an edit that was undone", () => {
    const { getState } = make();
    getState().edit("name", (def) => setName(def, "x"), { key: "name" });
    getState().edit("other", (def) => setCondition(def, "true"));
    getState().undo();
    getState().edit("name", (def) => setName(def, "y"), { key: "name" });
    expect(getState().past).toHaveLength(2);
    expect(getState().future).toEqual([]);
  });
  it("keeps 100 steps of undo", () => {
    const { getState } = make();
    for (let i = 0; i < mostPast + 20; i++) {
      getState().edit("name", (def) => setName(def, `n${i}`));
    }
    expect(getState().past).toHaveLength(mostPast);
    for (let i = 0; i < mostPast; i++) {
      getState().undo();
    }
    expect(getState().doc.name).toBe("n19");
  });
  it("chooses the trigger when the chosen step is gone", () => {
    const { getState } = make();
    getState().select({ kind: "step", id: "a" });
    getState().edit("removed", (def) => removeStep(def, "a"));
    expect(getState().selection).toEqual({ kind: "trigger" });
  });
  it("changes nothing for who may only look", () => {
    const { getState } = make(false);
    getState().edit("name", (def) => setName(def, "x"));
    expect([getState().doc.name, getState().saving, getState().past]).toEqual(["Test", "saved", []]);
  });
  it("ignores an edit that changes nothing", () => {
    const { getState } = make();
    getState().edit("nothing", (def) => def);
    expect([getState().saving, getState().past]).toEqual(["saved", []]);
  });
  it("keeps a problem at its step when steps before it come", () => {
    const problems = [{ location: "body.steps[0].config.url", message: "missing" }];
    const { getState } = make(true, saved("Test", '"1"', { problems } as Partial<Schema<"Workflow">>));
    const step = newStep(getState().doc, "delay");
    getState().edit("added", (def) => insertStep(def, { list: { in: "root" }, index: 0 }, step));
    expect(problemsAt(problemsOf(getState().problems, "step", "a"), "config.url")).toHaveLength(1);
    expect(problemsOf(getState().problems, "step", "delay")).toEqual([]);
  });
  it("focuses a location by its step", () => {
    const { getState } = make();
    getState().focusLocation("body.steps[0].config.url");
    expect(getState().selection).toEqual({ kind: "step", id: "a" });
    expect(getState().focus?.target.field).toBe("config.url");
  });
  it("brings back by undo what somebody else's draft replaced", () => {
    const { getState, setState } = make();
    getState().edit("name", (def) => setName(def, "mine"));
    setState({ saving: "conflict", conflict: saved("theirs", '"2"') });
    getState().takeOver(saved("theirs", '"2"'), "took");
    expect([getState().doc.name, getState().saving, getState().etag]).toEqual(["theirs", "saved", '"2"']);
    getState().undo();
    expect([getState().doc.name, getState().saving]).toEqual(["mine", "dirty"]);
  });
  it("goes on with mine on the tag of theirs", () => {
    const { getState, setState } = make();
    getState().edit("name", (def) => setName(def, "mine"));
    setState({ saving: "conflict", conflict: saved("theirs", '"2"') });
    getState().keepMine();
    expect([getState().doc.name, getState().saving, getState().etag, getState().conflict]).toEqual([
      "mine",
      "dirty",
      '"2"',
      null,
    ]);
  });
});

describe("what the browser kept", () => {
  const base = definitionOf(saved().workflow);
  const mine = setName(base, "mine");
  const kept = (change: Partial<Kept> = {}): Kept => ({
    key: "k",
    etag: '"1"',
    base,
    doc: mine,
    past: [{ label: "name", doc: base, selection: { kind: "trigger" } }],
    future: [],
    selection: { kind: "step", id: "a" },
    at: 0,
    ...change,
  });
  it("goes on where it was, to be saved", () => {
    expect(restored(saved(), kept())).toMatchObject({ doc: mine, saving: "dirty", past: [{ label: "name" }] });
  });
  it("is saved already", () => {
    const state = restored(saved("mine", '"2"'), kept());
    expect(state).toMatchObject({ doc: mine, past: [{ label: "name" }] });
    expect(state.saving).toBeUndefined();
  });
  it("was only paused meanwhile: the tag differs, the draft does not", () => {
    expect(restored(saved("Test", '"5"'), kept())).toMatchObject({ doc: mine, saving: "dirty" });
  });
  it("is a conflict with another draft", () => {
    const state = restored(saved("theirs", '"2"'), kept());
    expect(state).toMatchObject({ doc: mine, base, etag: '"1"', saving: "conflict", conflict: { etag: '"2"' } });
  });
  it("gives way to another draft when nothing was unsaved", () => {
    expect(restored(saved("theirs", '"2"'), kept({ doc: base }))).toEqual({});
  });
  it("chooses the trigger when the chosen step is gone", () => {
    expect(restored(saved(), kept({ selection: { kind: "step", id: "zz" } })).selection).toEqual({ kind: "trigger" });
  });
  it("is nothing", () => expect(restored(saved(), undefined)).toEqual({}));
});
