import { useMemo } from "react";
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import type { Definition } from "@/builder/model/definition";
import { useBuilder } from "@/builder/state/store";
import { type Outcome, outcomeOf, staleSteps, staleTrigger, type Tested, type TestStep } from "./tested";

// By workflow: results stay while one goes to another page and back. They are kept in memory alone, they hold people's data.
const tests = createStore<Record<string, Tested>>(() => ({}));

/** Keeps the result of a test. */
export function keepTest(workflowId: string, tested: Tested) {
  tests.setState({ [workflowId]: tested });
}

/** The last test of the opened workflow. */
export function useTested(): Tested | undefined {
  const id = useBuilder((s) => s.id);
  return useStore(tests, (all) => all[id]);
}

const none: ReadonlySet<string> = new Set();

// Every card asks the same: it is found out once for each state of the document.
const found = new WeakMap<Definition, { tested: Tested; stale: ReadonlySet<string> }>();

function staleOf(tested: Tested | undefined, doc: Definition): ReadonlySet<string> {
  if (!tested) {
    return none;
  }
  const known = found.get(doc);
  if (known?.tested === tested) {
    return known.stale;
  }
  const stale = staleSteps(tested, doc);
  found.set(doc, { tested, stale });
  return stale;
}

// The results of a test by the id of the step, likewise found once.
const byId = new WeakMap<Tested, ReadonlyMap<string, TestStep>>();

function resultOf(tested: Tested, stepId: string): TestStep | undefined {
  let results = byId.get(tested);
  if (!results) {
    results = new Map(tested.run.steps.map((s) => [s.id, s]));
    byId.set(tested, results);
  }
  return results.get(stepId);
}

/** The ids of the steps that were edited since the last test. */
export function useStaleSteps(): ReadonlySet<string> {
  const tested = useTested();
  return staleOf(
    tested,
    useBuilder((s) => s.doc),
  );
}

export interface StepTestResult {
  outcome: Outcome;
  /** why: which branch was taken, what is wrong, what the test cannot know */
  reason: string;
  stale: boolean;
}

/** What the last test said of a step, for its card; undefined: it was not tested. */
export function useTestResult(stepId: string): StepTestResult | undefined {
  const tested = useTested();
  const stale = useBuilder((s) => staleOf(tested, s.doc).has(stepId)); // a card is drawn anew only when its own answer changes
  return useMemo(() => {
    const step = tested && resultOf(tested, stepId);
    return step && { outcome: outcomeOf(step), reason: step.reason ?? "", stale };
  }, [tested, stepId, stale]);
}

/** What the last test said of trigger and condition, for the trigger's card. */
export function useTestedTrigger(): { fires: boolean; reason: string; stale: boolean } | undefined {
  const tested = useTested();
  const stale = useBuilder((s) => tested !== undefined && staleTrigger(tested, s.doc));
  return useMemo(() => tested && { fires: tested.run.matched, reason: tested.run.reason, stale }, [tested, stale]);
}
