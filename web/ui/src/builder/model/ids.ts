import type { Definition, Step } from "./definition";
import { flatten } from "./find";

const longest = 64; // the server's limit

/** Whether the server takes this as the id of a step: lower-case letters, digits, - and _. */
export function validId(id: string): boolean {
  return /^[a-z0-9][a-z0-9_-]{0,63}$/.test(id);
}

/** A name as an id: "Big order!" -> "big-order". */
export function slug(name: string): string {
  const plain = name
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, "-")
    .replace(/^[-_]+|[-_]+$/g, "");
  return plain.slice(0, longest - 8) || "step";
}

/** Makes an id from a type or a name that is none of those taken: branch, branch-2, branch-3 ... */
export function uniqueId(taken: ReadonlySet<string>, name: string): string {
  const start = slug(name);
  let id = start;
  for (let n = 2; taken.has(id); n++) {
    id = `${start}-${n}`;
  }
  return id;
}

/** As uniqueId for the copy of a step: a number at its end counts on, so that tell-2 becomes tell-3. */
export function copyId(taken: ReadonlySet<string>, id: string): string {
  return taken.has(id) ? uniqueId(taken, id.replace(/-\d{1,3}$/, "") || id) : id;
}

/** The ids of all steps. */
export function idsOf(def: Pick<Definition, "steps">): Set<string> {
  return new Set(flatten(def).map((f) => f.id));
}

/** Gives steps without an id, or with one that is taken, one of their own; the same definition when all is well. */
export function withIds(def: Definition): Definition {
  const seen = new Set<string>();
  let changed = false;
  const mend = (steps: Step[]): Step[] =>
    steps.map((step) => {
      let id = step.id ?? "";
      if (id === "" || seen.has(id)) {
        id = uniqueId(new Set([...idsOf(def), ...seen]), id || step.type || "step");
        changed = true;
      }
      seen.add(id);
      return {
        ...step,
        id,
        ...(step.branches ? { branches: step.branches.map((b) => ({ ...b, steps: mend(b.steps ?? []) })) } : {}),
        ...(step.otherwise ? { otherwise: mend(step.otherwise) } : {}),
      };
    });
  const steps = mend(def.steps);
  return changed ? { ...def, steps } : def;
}
