import type { Definition, Place, Step } from "./definition";
import { insertSteps, withFreshIds } from "./edit-steps";
import { flatten } from "./find";
import { idsOf } from "./ids";
import { stepsRead } from "./references";

const mark = "cartwheel/steps";

/** Steps as text, to be pasted here or into another workflow. A step inside another chosen one comes with it. */
export function copySteps(def: Definition, ids: readonly string[]): string {
  const wanted = new Set(ids);
  const steps: Step[] = [];
  const inside = new Set<string>();
  for (const { id, step } of flatten(def)) {
    if (wanted.has(id) && !inside.has(id)) {
      steps.push(step);
      for (const f of flatten({ steps: [step] })) {
        inside.add(f.id);
      }
    }
  }
  return JSON.stringify({ kind: mark, steps }, null, 2);
}

/** The steps in a text: copied ones, or a workflow or list of steps as the API shows them; undefined when it is none. */
export function stepsIn(text: string): Step[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const steps = Array.isArray(value) ? value : (value as { steps?: unknown } | null)?.steps;
  return Array.isArray(steps) && steps.length > 0 && steps.every(isStep) ? steps : undefined;
}

function isStep(value: unknown): value is Step {
  if (!value || typeof value !== "object" || typeof (value as Step).type !== "string") {
    return false;
  }
  const { id, config, branches, otherwise } = value as Record<string, unknown>;
  const object = (v: unknown) => v === undefined || (typeof v === "object" && v !== null && !Array.isArray(v));
  const list = (v: unknown) => v === undefined || (Array.isArray(v) && v.every(isStep));
  const arms =
    branches === undefined ||
    (Array.isArray(branches) &&
      branches.every((b: unknown) => b !== undefined && object(b) && list((b as { steps?: unknown }).steps)));
  return (id === undefined || typeof id === "string") && object(config) && list(otherwise) && arms;
}

export interface Pasted {
  def: Definition;
  /** the ids of what was pasted, outermost, in order */
  ids: string[];
  /** authentications that pasted steps name and that are not here */
  missing: string[];
  /** steps whose output pasted steps read and that are not here */
  unread: string[];
}

/**
 * Puts copied steps at a place. Ids that are taken are changed, with the references to them inside what is pasted.
 * undefined when the text holds no steps.
 */
export function pasteSteps(
  def: Definition,
  place: Place,
  text: string,
  authentications: readonly string[],
): Pasted | undefined {
  const found = stepsIn(text);
  if (!found) {
    return undefined;
  }
  const steps = withFreshIds(idsOf(def), found);
  const here = new Set(authentications);
  const missing = new Set<string>();
  for (const { step } of flatten({ steps })) {
    const id = step.config?.authentication_id;
    if (typeof id === "string" && id !== "" && !here.has(id)) {
      missing.add(id);
    }
  }
  const pasted = insertSteps(def, place, steps);
  const known = idsOf(pasted);
  return {
    def: pasted,
    ids: steps.map((s) => s.id ?? ""),
    missing: [...missing],
    unread: [...stepsRead(steps)].filter((id) => !known.has(id)),
  };
}
