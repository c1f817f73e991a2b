import type { Definition, Step } from "./definition";

const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** How a step's output is written in a condition: Steps.tell, Steps["my-step"]. */
export function stepPath(id: string): string {
  return identifier.test(id) ? `Steps.${id}` : `Steps["${id}"]`;
}

// Steps | tell, Steps.tell, Steps?.tell, Steps["tell"], Steps?.["tell"]; not a member called Steps of something else.
const reference =
  /(?<![\w.])(?<!(?<!\|)\|\s*)Steps(\s*\|\s*([a-z0-9][a-z0-9_-]*)|\??\.([A-Za-z_][A-Za-z0-9_]*)|(?:\?\.)?\[\s*(["'])([^"']+)\4\s*\])/g;

/** Writes other ids where an expression reads the output of steps: Steps.old.status, Steps | old | status. */
export function renameInExpression(text: string, names: ReadonlyMap<string, string>): string {
  if (!text.includes("Steps")) {
    return text;
  }
  return text.replace(reference, (...match: (string | undefined)[]) => {
    const [all = "", tail = "", piped, dotted, , keyed] = match;
    const next = names.get(piped ?? dotted ?? keyed ?? "");
    if (next === undefined) {
      return all;
    }
    return piped === undefined ? stepPath(next) : `Steps${tail.slice(0, tail.length - piped.length)}${next}`;
  });
}

/** As renameInExpression, in the tags of a template: {{ Steps | old | status }}. The text around them stays as it is. */
export function renameInTemplate(text: string, names: ReadonlyMap<string, string>): string {
  return text.includes("Steps") ? text.replace(/\{\{[\s\S]*?\}\}/g, (tag) => renameInExpression(tag, names)) : text;
}

function renameInValue(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string") {
    return renameInTemplate(value, names);
  }
  if (Array.isArray(value)) {
    return shared(value, (v) => renameInValue(v, names));
  }
  if (value && typeof value === "object") {
    let changed = false;
    const out = Object.fromEntries(
      Object.entries(value).map(([key, v]) => {
        const next = renameInValue(v, names);
        changed ||= next !== v;
        return [key, next];
      }),
    );
    return changed ? out : value;
  }
  return value;
}

/** Writes other ids into references in steps; what has none stays the same object. */
export function renameInSteps(steps: Step[], names: ReadonlyMap<string, string>): Step[] {
  return shared(steps, (step) => renameInStep(step, names));
}

function renameInStep(step: Step, names: ReadonlyMap<string, string>): Step {
  const config = renameInValue(step.config, names) as Step["config"];
  const branches = step.branches && shared(step.branches, (b) => renameInBranch(b, names));
  const otherwise = step.otherwise && renameInSteps(step.otherwise, names);
  if (config === step.config && branches === step.branches && otherwise === step.otherwise) {
    return step;
  }
  return { ...step, ...(config && { config }), ...(branches && { branches }), ...(otherwise && { otherwise }) };
}

function renameInBranch<B extends NonNullable<Step["branches"]>[number]>(b: B, names: ReadonlyMap<string, string>): B {
  const condition = b.condition && renameInExpression(b.condition, names);
  const steps = b.steps && renameInSteps(b.steps, names);
  return condition === b.condition && steps === b.steps
    ? b
    : { ...b, ...(condition && { condition }), ...(steps && { steps }) };
}

/** The ids of steps whose output a value reads. */
export function stepsRead(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value === "string") {
    for (const match of value.matchAll(reference)) {
      found.add(match[2] ?? match[3] ?? match[5] ?? "");
    }
  } else if (value && typeof value === "object") {
    for (const v of Object.values(value)) {
      stepsRead(v, found);
    }
  }
  return found;
}

/** Writes another id into every reference of a definition; the workflow's condition cannot read steps. */
export function renameReferences(def: Definition, names: ReadonlyMap<string, string>): Definition {
  const steps = renameInSteps(def.steps, names);
  return steps === def.steps ? def : { ...def, steps };
}

// As map, but the same array when nothing changed.
function shared<T>(list: T[], change: (item: T) => T): T[] {
  let changed = false;
  const out = list.map((item) => {
    const next = change(item);
    changed ||= next !== item;
    return next;
  });
  return changed ? out : list;
}
