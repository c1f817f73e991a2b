import { Problem, Unreachable } from "@/api/problem";
import type { Definition } from "../model/definition";
import { sameDefinition } from "../model/difference";
import { definitionOf } from "../model/edit-workflow";
import type { BuilderStore, Saved } from "./store";

const saveAfter = 1000; // ms after the last edit
const mostTries = 3;

/** What autosave talks to. */
export interface Server {
  /** replaces the draft; etag "": whatever is there */
  save(id: string, def: Definition, etag: string): Promise<Saved>;
  load(id: string): Promise<Saved>;
  /** calls back when the server answers again after it was gone */
  whenBack(call: () => void): () => void;
}

export interface Autosave {
  /** saves now what is not saved; whether all is saved then */
  flush(): Promise<boolean>;
  stop(): void;
}

/** Saves a builder's draft a second after the last edit, one save at a time. */
export function startAutosave(store: BuilderStore, server: Server, delay = saveAfter): Autosave {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> | undefined;

  function schedule(after: number) {
    clearTimeout(timer);
    timer = setTimeout(() => void once(), after);
  }
  async function once(): Promise<void> {
    clearTimeout(timer);
    await running;
    const { saving, canEdit } = store.getState();
    if (saving === "saved" || saving === "conflict" || !canEdit) {
      return;
    }
    running ??= save(store, server).finally(() => {
      running = undefined;
    });
    await running;
  }
  async function flush(): Promise<boolean> {
    for (let i = 0; i < mostTries; i++) {
      await once();
      if (store.getState().saving !== "dirty") {
        break; // saved, or it cannot be saved now
      }
    }
    return store.getState().saving === "saved";
  }
  const stops = [
    store.subscribe((now, before) => {
      if (now.saving === "dirty" && (now.doc !== before.doc || before.saving === "conflict")) {
        schedule(before.saving === "conflict" ? 0 : delay);
      }
    }),
    server.whenBack(() => {
      if (store.getState().saving === "offline") {
        void once();
      }
    }),
  ];
  if (store.getState().saving === "dirty") {
    schedule(0); // kept by the browser from before
  }
  return {
    flush,
    stop() {
      clearTimeout(timer);
      for (const stop of stops) {
        stop();
      }
    },
  };
}

async function save(store: BuilderStore, server: Server): Promise<void> {
  for (let attempt = 0; attempt < mostTries; attempt++) {
    const { id, doc, etag } = store.getState();
    store.setState({ saving: "saving" });
    try {
      settle(store, await server.save(id, doc, etag), doc);
      return;
    } catch (error) {
      if (!(error instanceof Problem && error.status === 412)) {
        fail(store, error);
        return;
      }
    }
    if (!(await harmless(store, server, doc))) {
      return;
    }
  }
}

function settle(store: BuilderStore, saved: Saved, sent: Definition) {
  const { adopt } = store.getState();
  adopt(saved);
  store.setState((s) => ({
    saving: s.doc === sent ? "saved" : "dirty",
    savedAt: saved.workflow.updated_at,
    saveError: null,
    conflict: null,
  }));
}

function fail(store: BuilderStore, error: unknown) {
  store.setState({ saving: error instanceof Unreachable ? "offline" : "failed", saveError: error });
}

// Something changed the workflow since: looks what. True: only its state did (it was paused, say), and the save can be repeated.
async function harmless(store: BuilderStore, server: Server, sent: Definition): Promise<boolean> {
  const { id, base } = store.getState();
  let theirs: Saved;
  try {
    theirs = await server.load(id);
  } catch (error) {
    if (error instanceof Problem && error.status === 404) {
      store.setState({ saving: "conflict", conflict: "gone" });
    } else {
      fail(store, error);
    }
    return false;
  }
  const now = definitionOf(theirs.workflow);
  if (sameDefinition(now, sent)) {
    settle(store, theirs, sent); // our own save, whose answer was lost
    return false;
  }
  if (sameDefinition(now, base)) {
    store.getState().adopt(theirs);
    return true;
  }
  store.setState({ saving: "conflict", conflict: theirs });
  return false;
}
