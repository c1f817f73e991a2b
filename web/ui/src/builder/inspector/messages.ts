import type { Located } from "../model/locations";
import { problemsAt } from "../state/problems";

/** What is wrong with a field, in one text; undefined: nothing. */
export function messageAt(problems: readonly Located[], field: string): string | undefined {
  const found = problemsAt(problems, field).map((p) => p.message);
  return found.length > 0 ? [...new Set(found)].join(" ") : undefined;
}

/** As messageAt, but only of the field itself, not of what is in it. */
export function ownMessageAt(problems: readonly Located[], field: string): string | undefined {
  return problems.find((p) => p.target.field === field)?.message;
}
