import type { Branch, Definition, Step } from "./definition";
import { type Found, flatten, listKey } from "./find";

/** One difference between two definitions. field names what differs in a step or the workflow. */
export interface Difference {
  kind: "added" | "removed" | "moved" | "changed" | "disabled" | "enabled";
  /** the step it is about; none: the workflow itself */
  step?: Step;
  /** "name", "trigger", "condition", "once_per", "config.url", "branches[0].condition", "retry" ... */
  field?: string;
  before?: unknown;
  after?: unknown;
}

/** What changed from one definition to another, in the order of the new one; what was removed stands last. */
export function differences(before: Definition, after: Definition): Difference[] {
  const old = new Map(flatten(before).map((f) => [f.id, f]));
  const now = flatten(after);
  const kept = new Set(now.map((f) => f.id));
  const moved = movedIds(before, after);
  const out = ofWorkflow(before, after);
  for (const found of now) {
    const was = old.get(found.id);
    if (!was || was.step.type !== found.step.type) {
      out.push({ kind: "added", step: found.step });
      continue;
    }
    if (moved.has(found.id)) {
      out.push({ kind: "moved", step: found.step });
    }
    out.push(...ofStep(was.step, found.step));
  }
  for (const was of old.values()) {
    const same = kept.has(was.id) && now.find((f) => f.id === was.id)?.step.type === was.step.type;
    if (!same) {
      out.push({ kind: "removed", step: was.step });
    }
  }
  return out;
}

function ofWorkflow(before: Definition, after: Definition): Difference[] {
  const pairs: [string, unknown, unknown][] = [
    ["name", before.name, after.name],
    ["trigger.type", before.trigger.type, after.trigger.type],
    ["trigger.authentication_id", before.trigger.authentication_id, after.trigger.authentication_id],
    ["trigger.config", before.trigger.config ?? {}, after.trigger.config ?? {}],
    ["once_per", before.once_per || "event", after.once_per || "event"],
    ["condition", before.condition, after.condition],
  ];
  return pairs
    .filter(([, b, a]) => !equal(b, a))
    .map(([field, b, a]) => ({ kind: "changed", field, before: b, after: a }));
}

function ofStep(before: Step, after: Step): Difference[] {
  const out: Difference[] = [];
  const change = (field: string, b: unknown, a: unknown) => {
    if (!equal(b, a)) {
      out.push({ kind: "changed", step: after, field, before: b, after: a });
    }
  };
  if ((before.disabled ?? false) !== (after.disabled ?? false)) {
    out.push({ kind: after.disabled ? "disabled" : "enabled", step: after });
  }
  const names = new Set([...Object.keys(before.config ?? {}), ...Object.keys(after.config ?? {})]);
  for (const name of names) {
    change(`config.${name}`, before.config?.[name], after.config?.[name]);
  }
  change("on_error", before.on_error || "stop", after.on_error || "stop");
  change("on_unknown", before.on_unknown ?? "", after.on_unknown ?? "");
  change("retry", before.retry, after.retry);
  out.push(...ofArms(before.branches ?? [], after));
  return out;
}

function ofArms(before: Branch[], after: Step): Difference[] {
  const out: Difference[] = [];
  const arms = after.branches ?? [];
  for (let i = 0; i < Math.max(before.length, arms.length); i++) {
    for (const part of ["name", "condition"] as const) {
      const [b, a] = [before[i]?.[part] ?? "", arms[i]?.[part] ?? ""];
      if (b !== a || (part === "name" && !before[i] !== !arms[i])) {
        out.push({ kind: "changed", step: after, field: `branches[${i}].${part}`, before: b, after: a });
      }
    }
  }
  return out;
}

// Steps that stand in another list, or that overtook others in theirs: the fewest, those outside the longest order kept.
function movedIds(before: Definition, after: Definition): Set<string> {
  const was = new Map(flatten(before).map((f) => [f.id, f]));
  const moved = new Set<string>();
  const lists = new Map<string, Found[]>();
  for (const found of flatten(after)) {
    const old = was.get(found.id);
    if (old && listKey(old.list) !== listKey(found.list)) {
      moved.add(found.id);
    } else if (old) {
      const key = listKey(found.list);
      lists.set(key, [...(lists.get(key) ?? []), found]);
    }
  }
  for (const list of lists.values()) {
    const order = list.map((f) => was.get(f.id)?.index ?? 0);
    const stay = longestRising(order);
    list.forEach((f, i) => {
      if (!stay.has(i)) {
        moved.add(f.id);
      }
    });
  }
  return moved;
}

// The positions of a longest rising part of a list.
function longestRising(list: number[]): Set<number> {
  const lengths = list.map(() => 1);
  const from = list.map(() => -1);
  let best = -1;
  for (let i = 0; i < list.length; i++) {
    for (let j = 0; j < i; j++) {
      if ((list[j] ?? 0) < (list[i] ?? 0) && (lengths[j] ?? 0) + 1 > (lengths[i] ?? 0)) {
        lengths[i] = (lengths[j] ?? 0) + 1;
        from[i] = j;
      }
    }
    if (best < 0 || (lengths[i] ?? 0) > (lengths[best] ?? 0)) {
      best = i;
    }
  }
  const kept = new Set<number>();
  for (let i = best; i >= 0; i = from[i] ?? -1) {
    kept.add(i);
  }
  return kept;
}

/** Whether two values are the same as JSON; the order of an object's members does not count, and undefined is as left out. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) {
    return true;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((v, i) => equal(v, b[i]));
  }
  if (!a || !b || typeof a !== "object" || typeof b !== "object" || Array.isArray(a) || Array.isArray(b)) {
    return false;
  }
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return [...new Set([...Object.keys(x), ...Object.keys(y)])].every((key) => equal(x[key], y[key]));
}

// What the server leaves out when it is empty counts as the same.
function bare(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(bare);
  }
  if (value && typeof value === "object") {
    const kept = Object.entries(value)
      .map(([key, v]) => [key, bare(v)] as const)
      .filter(
        ([, v]) =>
          v !== undefined && v !== "" && v !== false && !(Array.isArray(v) && v.length === 0) && !emptyObject(v),
      );
    return Object.fromEntries(kept);
  }
  return value;
}

function emptyObject(v: unknown): boolean {
  return typeof v === "object" && v !== null && Object.keys(v).length === 0;
}

/** Whether two definitions say the same. An empty list, text or object counts as left out, as the server does it. */
export function sameDefinition(a: Definition, b: Definition): boolean {
  return a === b || equal(bare(a), bare(b));
}
