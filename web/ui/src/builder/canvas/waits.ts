import type { Definition, Step } from "../model/definition";
import { isDisabled } from "../model/edit-steps";
import { listsOf } from "./layout";

/** How long after the trigger a step begins, in ms; the ways to it may wait differently. */
export interface Wait {
  min: number;
  max: number;
}

const units: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A duration such as 90s, 36h, 3d or 1d12h in ms; 0 when it is none. */
export function milliseconds(text: unknown): number {
  if (typeof text !== "string" || !/^\s*(\d+[smhdw])+\s*$/.test(text)) {
    return 0;
  }
  return [...text.matchAll(/(\d+)([smhdw])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ""] ?? 0),
    0,
  );
}

/** When each step begins by the delays before it. Steps that are switched off wait for nothing. */
export function waitsOf(def: Pick<Definition, "steps">): Map<string, Wait> {
  const waits = new Map<string, Wait>();
  walk(def.steps, { min: 0, max: 0 }, waits);
  return waits;
}

function walk(steps: readonly Step[], from: Wait, waits: Map<string, Wait>): Wait {
  let at = from;
  for (const step of steps) {
    waits.set(step.id ?? "", at);
    if (isDisabled(step)) {
      continue;
    }
    if (step.type === "delay") {
      const more = milliseconds(step.config?.for);
      at = { min: at.min + more, max: at.max + more };
    } else if (step.type === "branch") {
      const ends = listsOf(step).map((arm) => walk(arm, at, waits));
      at = { min: Math.min(...ends.map((e) => e.min)), max: Math.max(...ends.map((e) => e.max)) };
    }
  }
  return at;
}
