import type { Definition, ListRef, Step } from "./definition";

/** A step with where it stands. */
export interface Found {
  id: string;
  step: Step;
  list: ListRef;
  index: number;
  /** 0 in the workflow's own list, one more in each branch */
  depth: number;
  /** its number in running order, from 1 */
  number: number;
}

const root: ListRef = { in: "root" };

/** Every step in running order: a branch's arms one after the other, then its otherwise. */
export function flatten(def: Pick<Definition, "steps">): Found[] {
  const out: Found[] = [];
  function walk(steps: readonly Step[], list: ListRef, depth: number) {
    steps.forEach((step, index) => {
      const id = step.id ?? "";
      out.push({ id, step, list, index, depth, number: out.length + 1 });
      step.branches?.forEach((b, branch) => {
        walk(b.steps ?? [], { in: "branch", step: id, branch }, depth + 1);
      });
      walk(step.otherwise ?? [], { in: "otherwise", step: id }, depth + 1);
    });
  }
  walk(def.steps, root, 0);
  return out;
}

/** The step of this id with where it stands. */
export function find(def: Pick<Definition, "steps">, id: string): Found | undefined {
  return flatten(def).find((f) => f.id === id);
}

/** The step of this id. */
export function stepOf(steps: readonly Step[], id: string): Step | undefined {
  for (const step of steps) {
    const found = step.id === id ? step : stepInside(step, id);
    if (found) {
      return found;
    }
  }
  return undefined;
}

function stepInside(step: Step, id: string): Step | undefined {
  for (const branch of step.branches ?? []) {
    const found = stepOf(branch.steps ?? [], id);
    if (found) {
      return found;
    }
  }
  return stepOf(step.otherwise ?? [], id);
}

/** The steps of a list; none when the branch is gone. */
export function listOf(def: Pick<Definition, "steps">, ref: ListRef): readonly Step[] {
  if (ref.in === "root") {
    return def.steps;
  }
  const step = stepOf(def.steps, ref.step);
  return (ref.in === "branch" ? step?.branches?.[ref.branch]?.steps : step?.otherwise) ?? [];
}

/** Whether two references mean the same list. */
export function sameList(a: ListRef, b: ListRef): boolean {
  return listKey(a) === listKey(b);
}

/** A text that names a list, for keys. */
export function listKey(ref: ListRef): string {
  switch (ref.in) {
    case "root":
      return "root";
    case "branch":
      return `${ref.step}/${ref.branch}`;
    case "otherwise":
      return `${ref.step}/otherwise`;
  }
}

/** The lists of a branch step in order: each branch's, then otherwise. None for another step. */
export function listsIn(step: Step): ListRef[] {
  if (step.type !== "branch") {
    return [];
  }
  const id = step.id ?? "";
  return [
    ...(step.branches ?? []).map((_, branch): ListRef => ({ in: "branch", step: id, branch })),
    { in: "otherwise", step: id },
  ];
}

/** The ids of the steps that run before this one on its way, nearest last: what it may read. */
export function stepsBefore(def: Pick<Definition, "steps">, id: string): Step[] {
  const all = flatten(def);
  const at = all.findIndex((f) => f.id === id);
  return all.slice(0, Math.max(at, 0)).map((f) => f.step);
}

/** How many steps a step is, itself and what is inside. */
export function sizeOf(step: Step): number {
  return flatten({ steps: [step] }).length;
}
