import { type Draft, produce } from "immer";
import type { Definition, ListRef, Place, Step } from "./definition";
import { find, flatten, listOf, listsIn, sameList, stepOf } from "./find";
import { copyId, idsOf, uniqueId } from "./ids";
import { renameInSteps, renameReferences } from "./references";

/** Makes a step of a type with an id that is free. A branch has one arm to begin with. */
export function newStep(def: Definition, type: string, config: Record<string, unknown> = {}): Step {
  const id = uniqueId(idsOf(def), type.replace(/^[a-z]+\./, "")); // bigcommerce.add_note -> add_note
  return type === "branch"
    ? { id, type, branches: [{ name: "", condition: "", steps: [] }], otherwise: [] }
    : { id, type, config };
}

/** The list of a draft to write into; undefined when the branch is gone. */
export function listIn(draft: Draft<Definition>, ref: ListRef): Draft<Step>[] | undefined {
  if (ref.in === "root") {
    return draft.steps;
  }
  const step = stepOf(draft.steps as Step[], ref.step) as Draft<Step> | undefined;
  if (ref.in === "otherwise") {
    if (step) {
      step.otherwise ??= [];
    }
    return step?.otherwise;
  }
  const branch = step?.branches?.[ref.branch];
  if (branch) {
    branch.steps ??= [];
  }
  return branch?.steps;
}

/** Puts a step at a place. */
export function insertStep(def: Definition, place: Place, step: Step): Definition {
  return insertSteps(def, place, [step]);
}

/** Puts steps at a place, in their order. */
export function insertSteps(def: Definition, place: Place, steps: readonly Step[]): Definition {
  return produce(def, (draft) => {
    listIn(draft, place.list)?.splice(place.index, 0, ...(steps as Draft<Step>[]));
  });
}

/** Takes a step out, with everything inside it. */
export function removeStep(def: Definition, id: string): Definition {
  const found = find(def, id);
  return found
    ? produce(def, (draft) => {
        listIn(draft, found.list)?.splice(found.index, 1);
      })
    : def;
}

/** The step that is chosen after this one is taken out: the one before it in running order. */
export function beforeStep(def: Definition, id: string): string | undefined {
  const all = flatten(def);
  return all[all.findIndex((f) => f.id === id) - 1]?.id;
}

/** Moves a step to a place, told as it is before the move. A step cannot go into itself: then nothing changes. */
export function moveStep(def: Definition, id: string, place: Place): Definition {
  const found = find(def, id);
  if (!found || insideOf(found.step, place.list)) {
    return def;
  }
  const same = sameList(found.list, place.list);
  const index = same && place.index > found.index ? place.index - 1 : place.index;
  if (same && index === found.index) {
    return def;
  }
  return produce(def, (draft) => {
    const moved = listIn(draft, found.list)?.splice(found.index, 1)[0];
    if (moved) {
      listIn(draft, place.list)?.splice(index, 0, moved);
    }
  });
}

function insideOf(step: Step, list: ListRef): boolean {
  return list.in !== "root" && stepOf([step], list.step) !== undefined;
}

/**
 * Where a step goes when it moves one place up or down as it reads: over a plain step, into and out of the arms of a branch.
 * undefined at the ends.
 */
export function nextPlace(def: Definition, id: string, by: -1 | 1): Place | undefined {
  const found = find(def, id);
  if (!found) {
    return undefined;
  }
  const { list, index } = found;
  const neighbour = listOf(def, list)[index + by];
  if (neighbour) {
    const into = listsIn(neighbour).at(by === 1 ? 0 : -1);
    if (into) {
      return { list: into, index: by === 1 ? 0 : listOf(def, into).length };
    }
    return { list, index: by === 1 ? index + 2 : index - 1 };
  }
  return list.in === "root" ? undefined : outOf(def, list, by);
}

// From the end of an arm to the next one, or out of the branch.
function outOf(def: Definition, list: Exclude<ListRef, { in: "root" }>, by: -1 | 1): Place | undefined {
  const around = find(def, list.step);
  if (!around) {
    return undefined;
  }
  const lists = listsIn(around.step);
  const next = lists[lists.findIndex((l) => sameList(l, list)) + by];
  if (next) {
    return { list: next, index: by === 1 ? 0 : listOf(def, next).length };
  }
  return { list: around.list, index: by === 1 ? around.index + 1 : around.index };
}

/** Steps with ids that are free; their references to each other follow. */
export function withFreshIds(taken: ReadonlySet<string>, steps: readonly Step[]): Step[] {
  const used = new Set(taken);
  const names = new Map<string, string>();
  const rename = (step: Step): Step => {
    const id = copyId(used, step.id ?? "step");
    used.add(id);
    if (step.id !== undefined && step.id !== id) {
      names.set(step.id, id);
    }
    return {
      ...step,
      id,
      ...(step.branches && { branches: step.branches.map((b) => ({ ...b, steps: (b.steps ?? []).map(rename) })) }),
      ...(step.otherwise && { otherwise: step.otherwise.map(rename) }),
    };
  };
  return renameInSteps(steps.map(rename), names);
}

/** Puts a copy of a step behind it. */
export function duplicateStep(def: Definition, id: string): { def: Definition; id: string } {
  const found = find(def, id);
  const copy = found && withFreshIds(idsOf(def), [found.step])[0];
  if (!found || !copy?.id) {
    return { def, id };
  }
  return { def: insertStep(def, { list: found.list, index: found.index + 1 }, copy), id: copy.id };
}

/** Changes a step; change writes into it. */
export function setStep(def: Definition, id: string, change: (step: Draft<Step>) => void): Definition {
  return produce(def, (draft) => {
    const step = stepOf(draft.steps as Step[], id) as Draft<Step> | undefined;
    if (step) {
      change(step);
    }
  });
}

/** Sets a member of a step's config; undefined takes it out. */
export function setStepField(def: Definition, id: string, name: string, value: unknown): Definition {
  return setStep(def, id, (step) => {
    step.config ??= {};
    if (value === undefined) {
      delete step.config[name];
    } else {
      step.config[name] = value;
    }
  });
}

/** Gives a step another id; what reads its output follows. The same definition when the id is taken. */
export function renameStep(def: Definition, id: string, next: string): Definition {
  if (id === next || idsOf(def).has(next)) {
    return def;
  }
  const renamed = setStep(def, id, (step) => {
    step.id = next;
  });
  return renameReferences(renamed, new Map([[id, next]]));
}

/** Whether a step is switched off: the engine passes over it. */
export function isDisabled(step: Step): boolean {
  return step.disabled === true;
}

/** Switches a step off or on. */
export function setDisabled(def: Definition, id: string, disabled: boolean): Definition {
  return setStep(def, id, (step) => {
    if (disabled) {
      step.disabled = true;
    } else {
      delete step.disabled;
    }
  });
}
