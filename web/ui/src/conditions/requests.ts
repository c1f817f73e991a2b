import { queryOptions } from "@tanstack/react-query";
import { api, body, type Schema } from "@/api/client";
import { type Source, sourceBody } from "@/codes/source";
import { normalGroup } from "./normal";
import type { Group } from "./tree";

type TriggerRef = Schema<"TriggerRef">;

/** What is wrong, and where. */
export type Problem = Schema<"Problem">;

/** What a row says for the chosen event. */
export type RuleResult = Schema<"RuleResult">;

/** Reads a text as rows; the same one is asked for once. */
export function parseQuery(condition: string, trigger: TriggerRef) {
  return queryOptions({
    queryKey: ["condition-parse", condition, trigger.type, trigger.config],
    queryFn: async ({ signal }) => {
      const answer = await body(api.POST("/api/v1/conditions/parse", { body: { condition, trigger }, signal }));
      return { ...answer, rules: normalGroup(answer.rules) };
    },
    staleTime: 60_000,
  });
}

/** Writes rows as text; null while one of them is incomplete. */
export function format(rules: Group, trigger: TriggerRef, signal: AbortSignal): Promise<Schema<"FormattedCondition">> {
  // Operators are texts here: one that a newer server gave stays as it is.
  const group = rules as Schema<"ConditionGroup">;
  return body(api.POST("/api/v1/conditions/format", { body: { rules: group, trigger }, signal }));
}

/** Decides a condition for the chosen event. */
export function checkQuery(condition: string, trigger: TriggerRef, source: Source) {
  return queryOptions({
    queryKey: ["condition-check", condition, trigger, source],
    queryFn: ({ signal }) =>
      body(api.POST("/api/v1/conditions/check", { body: { condition, trigger, ...sourceBody(source) }, signal })),
    staleTime: 30_000,
  });
}
