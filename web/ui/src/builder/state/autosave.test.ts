import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Schema } from "@/api/client";
import { Problem, Unreachable } from "@/api/problem";
import { type Definition, setName } from "../model";
import { type Autosave, type Server, startAutosave } from "./autosave";
import { type BuilderStore, createBuilder, type Saved } from "./store";

const draft: Definition = {
  name: "Test",
  trigger: { type: "t" },
  once_per: "event",
  condition: "",
  steps: [{ id: "a", type: "http_request", config: {} }],
};

/** A server in memory: it keeps one workflow with its revision, and can be out of reach. */
class Fake implements Server {
  def = draft;
  revision = 1;
  saves: string[] = [];
  fails: unknown[] = [];
  gone = false;
  back = () => {};
  held: Promise<void> | undefined;

  saved(): Saved {
    const workflow = {
      id: "w",
      problems: [],
      warnings: [],
      status: "draft",
      updated_at: "2026-01-01T00:00:00Z",
      ...this.def,
    };
    return { workflow: workflow as unknown as Schema<"Workflow">, etag: `"${this.revision}"` };
  }
  async save(_: string, def: Definition, etag: string): Promise<Saved> {
    await this.held;
    const failure = this.fails.shift();
    if (failure) {
      throw failure;
    }
    if (etag !== "" && (this.gone || etag !== `"${this.revision}"`)) {
      throw new Problem(412, "stale");
    }
    this.saves.push(def.name);
    this.gone = false;
    this.def = def;
    this.revision++;
    return this.saved();
  }
  async load(): Promise<Saved> {
    if (this.gone) {
      throw new Problem(404, "gone");
    }
    return this.saved();
  }
  whenBack(call: () => void) {
    this.back = call;
    return () => {};
  }
}

describe("autosave", () => {
  let server: Fake;
  let store: BuilderStore;
  let autosave: Autosave;
  const name = (text: string) => store.getState().edit("name", (def) => setName(def, text), { key: "name" });
  const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  const state = () => store.getState();

  beforeEach(() => {
    vi.useFakeTimers();
    server = new Fake();
    store = createBuilder(server.saved(), { canEdit: true });
    autosave = startAutosave(store, server);
  });
  afterEach(() => {
    autosave.stop();
    vi.useRealTimers();
  });

  it("saves once, a second after the last edit", async () => {
    name("a");
    await wait(900);
    name("ab");
    await wait(900);
    expect([server.saves, state().saving]).toEqual([[], "dirty"]);
    await wait(200);
    expect([server.saves, state().saving, state().etag]).toEqual([["ab"], "saved", '"2"']);
  });
  it("saves again what was typed while it saved", async () => {
    let release = () => {};
    server.held = new Promise((resolve) => {
      release = resolve;
    });
    name("first");
    await wait(1000);
    expect(state().saving).toBe("saving");
    name("second");
    release();
    server.held = undefined;
    await wait(0);
    expect(state().saving).toBe("dirty");
    await wait(1000);
    expect([server.saves, state().saving]).toEqual([["first", "second"], "saved"]);
  });
  it("saves at once when asked", async () => {
    name("now");
    expect(await autosave.flush()).toBe(true);
    expect(server.saves).toEqual(["now"]);
    await wait(2000);
    expect(server.saves).toEqual(["now"]);
  });
  it("keeps both drafts when somebody else changed it", async () => {
    server.def = setName(draft, "theirs");
    server.revision = 7;
    name("mine");
    await wait(1000);
    expect([state().saving, state().doc.name, server.def.name]).toEqual(["conflict", "mine", "theirs"]);
    expect(state().conflict).toMatchObject({ etag: '"7"', workflow: { name: "theirs" } });
    name("mine, more");
    await wait(5000);
    expect([server.def.name, state().saving]).toEqual(["theirs", "conflict"]);
    state().keepMine();
    await wait(0);
    expect([server.def.name, state().saving]).toEqual(["mine, more", "saved"]);
  });
  it("takes theirs without saving anything", async () => {
    server.def = setName(draft, "theirs");
    server.revision = 7;
    name("mine");
    await wait(1000);
    state().takeOver(server.saved(), "took");
    await wait(5000);
    expect([server.saves, state().doc.name, state().saving]).toEqual([[], "theirs", "saved"]);
  });
  it("does not ask when only the state changed elsewhere, as by a pause", async () => {
    server.revision = 4;
    name("mine");
    await wait(1000);
    expect([server.saves, state().saving, state().etag]).toEqual([["mine"], "saved", '"5"']);
  });
  it("does not ask when its own save had arrived and only the answer was lost", async () => {
    server.fails = [new Unreachable(null)];
    name("mine");
    await wait(1000);
    expect(state().saving).toBe("offline");
    server.def = state().doc;
    server.revision = 2;
    server.back();
    await wait(0);
    expect([state().saving, state().etag]).toEqual(["saved", '"2"']);
  });
  it("keeps what is typed while the server is gone, and sends it when it is back", async () => {
    server.fails = [new Unreachable(null)];
    name("one");
    await wait(1000);
    name("two");
    await wait(5000);
    expect([server.saves, state().saving]).toEqual([[], "offline"]);
    server.back();
    await wait(0);
    expect([server.saves, state().saving]).toEqual([["two"], "saved"]);
  });
  it("says why it failed and tries again with the next edit", async () => {
    server.fails = [new Problem(422, "too large")];
    name("one");
    await wait(1000);
    expect([state().saving, (state().saveError as Problem).message]).toEqual(["failed", "too large"]);
    name("two");
    await wait(1000);
    expect([server.saves, state().saving, state().saveError]).toEqual([["two"], "saved", null]);
  });
  it("asks when it was deleted elsewhere, and can make it again", async () => {
    server.gone = true;
    name("mine");
    await wait(1000);
    expect([state().saving, state().conflict]).toEqual(["conflict", "gone"]);
    state().keepMine();
    await wait(0);
    expect([server.saves, state().saving]).toEqual([["mine"], "saved"]);
  });
  it("saves at the start what the browser had kept", async () => {
    autosave.stop();
    const kept = createBuilder(server.saved(), {
      canEdit: true,
      kept: { doc: setName(draft, "kept"), saving: "dirty" },
    });
    autosave = startAutosave(kept, server);
    await wait(0);
    expect([server.saves, kept.getState().saving]).toEqual([["kept"], "saved"]);
  });
});
