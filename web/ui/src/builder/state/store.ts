import { createContext, useContext } from "react";
import { createStore, type StoreApi, useStore } from "zustand";
import type { Schema } from "@/api/client";
import type { Source } from "@/codes/source";
import type { Definition, Selection } from "../model/definition";
import { definitionOf } from "../model/edit-workflow";
import { find } from "../model/find";
import { withIds } from "../model/ids";
import { type Located, locate, type Target, targetOf } from "../model/locations";

export type Saving = "saved" | "dirty" | "saving" | "failed" | "offline" | "conflict";

/** A step back: what the definition was before an edit, and what the edit did. */
export interface Past {
  label: string;
  doc: Definition;
  selection: Selection;
}

/** What the server knows of a workflow, with the tag of that state. */
export interface Saved {
  workflow: Schema<"Workflow">;
  etag: string;
}

export interface BuilderState {
  id: string;
  /** what is on the screen */
  doc: Definition;
  /** what was last saved, and its tag */
  base: Definition;
  etag: string;
  /** the server's last answer */
  workflow: Schema<"Workflow">;
  status: Schema<"Workflow">["status"];
  selection: Selection;
  problems: Located[];
  warnings: Located[];
  source: Source;
  canEdit: boolean;
  past: Past[];
  future: Past[];
  saving: Saving;
  savedAt: string | null;
  saveError: unknown;
  /** what somebody else saved meanwhile (or that it was deleted), until one of both is chosen */
  conflict: Saved | "gone" | null;
  /** the field that the cursor is to go to; whoever shows it calls clearFocus */
  focus: { location: string; target: Target } | null;
  /** the part below the canvas that is open */
  panel: "problems" | "test" | null;
  /** whether the outline stands beside the canvas */
  outline: boolean;
  /** whether the list of keys is shown */
  keysHelp: boolean;

  /**
   * Changes the definition as one step of undo. Edits with the same key (of a field that is typed in) within a second are one
   * step; those without a key are announced by their label.
   */
  edit(label: string, change: (def: Definition) => Definition, options?: { key?: string; select?: Selection }): void;
  undo(): void;
  redo(): void;
  select(selection: Selection): void;
  setSource(source: Source): void;
  focusLocation(location: string): void;
  focusTarget(target: Target, location?: string): void;
  clearFocus(): void;
  setPanel(panel: BuilderState["panel"]): void;
  toggleOutline(): void;
  setKeysHelp(shown: boolean): void;
  /** saves now what is not saved; whether all is saved then */
  flush(): Promise<boolean>;
  /** takes over what the server answered to a save; the screen stays as it is */
  adopt(saved: Saved): void;
  /** puts what somebody else saved on the screen, as a step that can be undone */
  takeOver(saved: Saved, label: string): void;
  /** goes on with what is on the screen, to be saved over what somebody else saved */
  keepMine(): void;
}

export type BuilderStore = StoreApi<BuilderState>;

export const mostPast = 100;
const mergeWithin = 1000; // ms
const outlineKey = "cartwheel.builder.outline";

interface Options {
  canEdit: boolean;
  /** where this browser was: what it had not saved, and the steps of undo */
  kept?: Partial<BuilderState>;
  now?: () => number;
  /** what is said to screen readers: an edit, an undo, a redo */
  say?: (kind: "edit" | "undo" | "redo", label: string) => void;
}

/** Makes the state of one opened workflow. */
export function createBuilder(
  saved: Saved,
  { canEdit, kept = {}, now = Date.now, say = () => {} }: Options,
): BuilderStore {
  const first = definitionOf(saved.workflow);
  let last = { key: "", at: 0 };
  return createStore<BuilderState>((set, get) => ({
    id: saved.workflow.id,
    doc: withIds(first),
    base: first,
    etag: saved.etag,
    ...told(first, saved.workflow),
    selection: { kind: "trigger" },
    source: { kind: "builtin" },
    canEdit,
    past: [],
    future: [],
    saving: "saved",
    savedAt: saved.workflow.updated_at,
    saveError: null,
    conflict: null,
    focus: null,
    panel: saved.workflow.problems.length > 0 ? "problems" : null,
    outline: localStorage.getItem(outlineKey) !== "no",
    keysHelp: false,
    ...kept,

    edit(label, change, { key = "", select } = {}) {
      const { doc, past, selection, canEdit: may } = get();
      const next = may ? change(doc) : doc;
      if (next === doc) {
        return;
      }
      const merged = key !== "" && key === last.key && now() - last.at < mergeWithin && past.length > 0;
      last = { key, at: now() };
      set({
        doc: next,
        past: merged ? past : [...past.slice(1 - mostPast), { label, doc, selection }],
        future: [],
        selection: standing(next, select ?? selection),
        ...edited(get()),
      });
      if (key === "") {
        say("edit", label);
      }
    },
    undo() {
      const { doc, past, future, selection } = get();
      const step = past.at(-1);
      if (!step || !get().canEdit) {
        return;
      }
      last = { key: "", at: 0 };
      set({
        doc: step.doc,
        past: past.slice(0, -1),
        future: [...future, { label: step.label, doc, selection }],
        selection: standing(step.doc, step.selection),
        ...edited(get()),
      });
      say("undo", step.label);
    },
    redo() {
      const { doc, past, future, selection } = get();
      const step = future.at(-1);
      if (!step || !get().canEdit) {
        return;
      }
      last = { key: "", at: 0 };
      set({
        doc: step.doc,
        past: [...past, { label: step.label, doc, selection }],
        future: future.slice(0, -1),
        selection: standing(step.doc, step.selection),
        ...edited(get()),
      });
      say("redo", step.label);
    },
    select: (selection) => set({ selection }),
    setSource: (source) => set({ source }),
    focusLocation(location) {
      get().focusTarget(targetOf(get().doc, location), location);
    },
    focusTarget(target, location = "") {
      const selection: Selection =
        target.kind === "step"
          ? { kind: "step", id: target.stepId ?? "" }
          : target.kind === "trigger"
            ? { kind: "trigger" }
            : get().selection;
      set({ selection: standing(get().doc, selection), focus: { location, target } });
    },
    clearFocus: () => set({ focus: null }),
    setPanel: (panel) => set({ panel }),
    toggleOutline() {
      const outline = !get().outline;
      localStorage.setItem(outlineKey, outline ? "yes" : "no");
      set({ outline });
    },
    setKeysHelp: (keysHelp) => set({ keysHelp }),
    flush: async () => get().saving === "saved",
    adopt({ workflow, etag }) {
      const base = definitionOf(workflow);
      const { activity, broken } = get().workflow; // answers to changes leave both out
      set({ base, etag, ...told(base, workflow.activity ? workflow : { ...workflow, activity, broken }) });
    },
    takeOver(saved, label) {
      const base = definitionOf(saved.workflow);
      const doc = withIds(base);
      const { doc: mine, past, selection } = get();
      last = { key: "", at: 0 };
      set({
        doc,
        base,
        etag: saved.etag,
        ...told(base, saved.workflow),
        past: [...past.slice(1 - mostPast), { label, doc: mine, selection }],
        future: [],
        selection: standing(doc, selection),
        saving: "saved",
        savedAt: saved.workflow.updated_at,
        saveError: null,
        conflict: null,
      });
    },
    keepMine() {
      const { conflict } = get();
      if (conflict === "gone") {
        set({ etag: "", conflict: null, saving: "dirty" });
      } else if (conflict) {
        get().adopt(conflict);
        set({ conflict: null, saving: "dirty" });
      }
    },
  }));
}

function told(def: Definition, workflow: Schema<"Workflow">) {
  return {
    workflow,
    status: workflow.status,
    problems: locate(def, workflow.problems),
    warnings: locate(def, workflow.warnings),
  };
}

// After an edit there is something to save; a conflict stays one until it is solved.
function edited({ saving }: BuilderState): { saving: Saving } {
  return { saving: saving === "conflict" || saving === "offline" ? saving : "dirty" };
}

// A selection of a step that is gone becomes one of the trigger.
function standing(def: Definition, selection: Selection): Selection {
  return selection.kind === "step" && !find(def, selection.id) ? { kind: "trigger" } : selection;
}

const Context = createContext<BuilderStore | undefined>(undefined);
export const BuilderProvider = Context.Provider;

/** The store itself, for commands: useBuilderStore().getState().edit(...). */
export function useBuilderStore(): BuilderStore {
  const store = useContext(Context);
  if (!store) {
    throw new Error("There is no workflow open here.");
  }
  return store;
}

/** A part of the opened workflow's state; the selector gives something that stays the same while it does not change. */
export function useBuilder<T>(selector: (state: BuilderState) => T): T {
  return useStore(useBuilderStore(), selector);
}
