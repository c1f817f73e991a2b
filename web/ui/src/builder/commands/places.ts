import type { Definition, ListRef, Place } from "../model/definition";
import { find, listKey, listOf, listsIn } from "../model/find";

/** A place that a step can move to. */
export interface Target {
  key: string;
  place: Place;
  depth: number;
  /** "start" of the workflow or of an arm, or "after" a step */
  at: "start" | "after";
  /** the step it stands behind, or whose arm it begins */
  stepId?: string;
  /** the arm's name, or its number when it has none; undefined for the workflow's own list and for otherwise */
  arm?: { name: string; number: number };
  otherwise?: boolean;
}

/** Every place that a step can move to, as they read from top to bottom: not into itself, and not where it stands. */
export function targetsOf(def: Definition, id: string): Target[] {
  const moved = find(def, id);
  if (!moved) {
    return [];
  }
  const here = listKey(moved.list);
  const targets: Target[] = [];
  const add = (target: Target) => {
    const { list, index } = target.place;
    if (listKey(list) !== here || (index !== moved.index && index !== moved.index + 1)) {
      targets.push(target);
    }
  };
  const walk = (list: ListRef, depth: number, start: Omit<Target, "key" | "place" | "depth" | "at">) => {
    add({ key: `in ${listKey(list)}`, place: { list, index: 0 }, depth, at: "start", ...start });
    listOf(def, list).forEach((step, index) => {
      const stepId = step.id ?? "";
      if (stepId === id) {
        return;
      }
      for (const inside of listsIn(step)) {
        const name = inside.in === "branch" ? (step.branches?.[inside.branch]?.name ?? "") : "";
        const arm = inside.in === "branch" ? { name, number: inside.branch + 1 } : undefined;
        walk(inside, depth + 1, { stepId, arm, otherwise: !arm });
      }
      add({ key: `after ${stepId}`, place: { list, index: index + 1 }, depth, at: "after", stepId });
    });
  };
  walk({ in: "root" }, 0, {});
  return targets;
}
