import type { Schema } from "@/api/client";
import type { Definition, Step } from "@/builder/model/definition";
import { flatten } from "@/builder/model/find";
import type { Source } from "@/codes/source";

export type TestRun = Schema<"TestRun">;
export type TestStep = Schema<"TestStep">;
export type TestArm = Schema<"TestArm">;

/** A test run with what it was made of. */
export interface Tested {
  run: TestRun;
  /** what was on the screen then */
  doc: Definition;
  source: Source;
  /** the step it ended with; empty: the end */
  until: string;
  /** milliseconds since 1970 */
  at: number;
}

/** What a test says of a step, in one word. */
export type Outcome = "done" | "would" | "waits" | "failed" | "unknown" | "skipped";

/** What a test says of a step. */
export function outcomeOf(step: TestStep): Outcome {
  switch (step.status) {
    case "failed":
      return "failed";
    case "pending":
      return "unknown";
    case "succeeded":
      return step.sent ? "done" : step.would_wait ? "waits" : "would";
    default:
      return "skipped";
  }
}

/** The steps whose results no longer fit what is on the screen: edited, moved to another event's trigger, or gone. */
export function staleSteps(tested: Tested, doc: Definition): ReadonlySet<string> {
  const now = new Map(flatten(doc).map((f) => [f.id, f.step]));
  const stale = new Set<string>();
  for (const { id, step } of flatten(tested.doc)) {
    const current = now.get(id);
    if (!current || (current !== step && own(current) !== own(step))) {
      stale.add(id);
    }
  }
  return stale;
}

/** Whether trigger or condition were edited since the test. */
export function staleTrigger(tested: Tested, doc: Definition): boolean {
  return start(tested.doc) !== start(doc);
}

function start({ trigger, condition }: Definition): string {
  return JSON.stringify([trigger, condition ?? ""]);
}

// What is the step's own: a branch is not stale because a step inside of it was edited.
function own(step: Step): string {
  const { branches, otherwise: _, ...rest } = step;
  return JSON.stringify([rest, (branches ?? []).map(({ name, condition }) => [name, condition])]);
}
