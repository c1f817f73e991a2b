import type { Selection } from "../model/definition";

/** The card of what is chosen. */
export function selectionKey(selection: Selection): string {
  return selection.kind === "step" ? `step:${selection.id}` : "trigger";
}
