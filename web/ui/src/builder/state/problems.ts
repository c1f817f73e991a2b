import { useMemo } from "react";
import { isAt, type Located, type Target } from "../model/locations";
import { useBuilder } from "./store";

/** The problems of one step, of the trigger card or of the workflow, as the last save told them. */
export function useProblemsOf(kind: Target["kind"], stepId?: string): Located[] {
  const problems = useBuilder((s) => s.problems);
  return useMemo(() => problemsOf(problems, kind, stepId), [problems, kind, stepId]);
}

/** As useProblemsOf, for warnings. */
export function useWarningsOf(kind: Target["kind"], stepId?: string): Located[] {
  const warnings = useBuilder((s) => s.warnings);
  return useMemo(() => problemsOf(warnings, kind, stepId), [warnings, kind, stepId]);
}

/** Those of a list that are about a step, the trigger card or the workflow. */
export function problemsOf(list: readonly Located[], kind: Target["kind"], stepId?: string): Located[] {
  return list.filter((p) => p.target.kind === kind && (kind !== "step" || p.target.stepId === stepId));
}

/** Those of a list that are about a field or something in it: "config.url", "branches[0].condition", "condition". */
export function problemsAt(list: readonly Located[], field: string): Located[] {
  return list.filter((p) => isAt(p, field));
}
