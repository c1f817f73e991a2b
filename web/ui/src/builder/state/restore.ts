import type { Definition, Selection } from "../model/definition";
import { sameDefinition } from "../model/difference";
import { definitionOf } from "../model/edit-workflow";
import { find } from "../model/find";
import type { BuilderState, Past, Saved } from "./store";

/** What this browser keeps of an opened workflow, so that nothing is lost by a reload or while the server is gone. */
export interface Kept {
  /** the person and the workflow */
  key: string;
  /** the tag of what the draft was made from, and that itself */
  etag: string;
  base: Definition;
  doc: Definition;
  past: Past[];
  future: Past[];
  selection: Selection;
  /** when, in ms */
  at: number;
}

/** Where the builder goes on: with what was kept, if it fits to what the server has. */
export function restored(saved: Saved, kept: Kept | undefined): Partial<BuilderState> {
  if (!kept) {
    return {};
  }
  const now = definitionOf(saved.workflow);
  const { doc, past, future } = kept;
  const selection: Selection =
    kept.selection.kind === "step" && !find(doc, kept.selection.id) ? { kind: "trigger" } : kept.selection;
  if (sameDefinition(doc, now)) {
    return { doc, past, future, selection };
  }
  if (kept.etag === saved.etag || sameDefinition(kept.base, now)) {
    return { doc, past, future, selection, saving: "dirty" };
  }
  if (!sameDefinition(doc, kept.base)) {
    return { doc, past, future, selection, base: kept.base, etag: kept.etag, saving: "conflict", conflict: saved };
  }
  return {}; // somebody else changed it since, and nothing here was unsaved
}
