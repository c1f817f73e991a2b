import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Schema } from "@/api/client";
import { usePreviewContext } from "@/codes/source";
import { checkQuery, type RuleResult } from "./requests";

export interface Check {
  state: "none" | "pending" | "error" | "done";
  /** the text that was checked */
  condition: string;
  result: boolean | null;
  rules: RuleResult[];
  reason: string;
  /** what is wrong with the text; undefined: not known yet */
  problems: Schema<"Problem">[] | undefined;
  error: unknown;
  retry: () => void;
}

const noRules: RuleResult[] = [];

/** Decides a condition for the chosen event, a moment after the last change. */
export function useCheck(value: string, enabled: boolean): Check {
  const { trigger, source } = usePreviewContext();
  const condition = useSettled(value, 250);
  const asked = enabled && condition.trim() !== "";
  const { data, error, isPending, refetch } = useQuery({ ...checkQuery(condition, trigger, source), enabled: asked });
  const current = data && condition === value ? data : undefined;
  return {
    state: !asked ? "none" : error ? "error" : isPending ? "pending" : "done",
    condition,
    result: current?.result ?? null,
    rules: current?.rules ?? noRules,
    reason: current?.reason ?? "",
    problems: value.trim() === "" ? [] : current?.problems,
    error,
    retry: () => void refetch(),
  };
}

/** The value, once it has not changed for so many milliseconds. */
function useSettled(value: string, after: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), after);
    return () => clearTimeout(timer);
  }, [value, after]);
  return settled;
}
