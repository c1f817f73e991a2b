import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { actionsQuery } from "@/api/queries/actions";
import { eventQuery } from "@/api/queries/events";
import { fillQuery, triggerQuery } from "@/api/queries/triggers";
import { type Code, codesOf, stepCodes, unavailableCodes } from "./codes";
import { sampleValuesQuery } from "./sample-values";
import { type PreviewContext, usePreviewContext } from "./source";
import { segmentsOf } from "./template-text";

/** What a code is in the chosen event. */
export type Known = { state: "value"; value: unknown } | { state: "missing" } | { state: "unread" | "later" };

export interface Codes {
  status: "pending" | "error" | "ready";
  error: unknown;
  retry: () => void;
  /** everything that can be used, earlier steps last */
  codes: Code[];
  /** what this trigger cannot supply, each with the reason */
  unavailable: Code[];
  /** finds a code by its label or by its path; members of lists are not found by "item | name" alone: give the list */
  find: (code: string, list?: string) => Code | undefined;
  /** what it is in the chosen event */
  valueOf: (code: Code) => Known;
  /** how often it was filled in the latest events; undefined: nothing known */
  filled: (code: Code) => { seen: number; filled: number } | undefined;
}

const nothing: Code[] = [];

/** The merge codes of the trigger around, with what they are in the chosen event. */
export function useCodes(): Codes {
  const context = usePreviewContext();
  const type = context.trigger.type ?? "";
  const trigger = useQuery(triggerQuery(type));
  const own = useMemo(() => (trigger.data ? codesOf(trigger.data.merge_codes) : nothing), [trigger.data]);
  const steps = useStepCodes(context);
  const codes = useMemo(() => [...own, ...steps], [own, steps]);
  const unavailable = useMemo(() => unavailableCodes(trigger.data?.unavailable ?? []), [trigger.data]);
  const known = useValues(context, own);
  const fill = useQuery(fillQuery(type, context.trigger.authentication_id)).data;

  return useMemo(() => {
    const byName = new Map<string, Code>();
    for (const code of codes) {
      byName.set(code.code, code);
      byName.set(code.path, code);
      for (const item of code.items) {
        byName.set(`${code.code}\n${item.code}`, item);
        byName.set(`${code.path}\n${item.path}`, item);
      }
    }
    return {
      status: trigger.isError ? "error" : trigger.data ? "ready" : "pending",
      error: trigger.error,
      retry: () => void trigger.refetch(),
      codes,
      unavailable,
      find: (code, list) => byName.get(list ? `${list}\n${code}` : code),
      valueOf: known,
      filled: (code) => (code.list ? undefined : fill?.codes[code.code]),
    };
  }, [codes, unavailable, known, fill, trigger.isError, trigger.data, trigger.error, trigger.refetch]);
}

/** What the earlier steps leave behind, as their actions describe it. */
function useStepCodes({ steps }: PreviewContext): Code[] {
  const { data: actions } = useQuery(actionsQuery);
  return useMemo(
    () =>
      steps.flatMap((step) => {
        const action = actions?.find((a) => a.type === step.type);
        return stepCodes(step, action?.outputs ?? []);
      }),
    [steps, actions],
  );
}

function useValues({ trigger, source }: PreviewContext, own: Code[]): (code: Code) => Known {
  const event = useQuery(eventQuery(source.kind === "event" ? source.id : "")).data;
  const sample = useQuery(sampleValuesQuery(trigger, source.kind === "sample" ? source.id : "", own)).data;
  return useMemo(() => {
    const values: Record<string, unknown> | undefined = source.kind === "event" ? event?.merge_codes : sample;
    return (code: Code): Known => {
      if (segmentsOf(code.code)[0] === "Steps") {
        return { state: "later" };
      }
      if (source.kind === "builtin") {
        return code.sample === undefined ? { state: "unread" } : knownOf(code.sample);
      }
      if (!values || !((code.list ?? code.code) in values)) {
        return { state: "unread" };
      }
      return code.list ? knownOf(memberOf(values[code.list], code.code)) : knownOf(values[code.code]);
    };
  }, [source.kind, event, sample]);
}

function knownOf(value: unknown): Known {
  return value === null || value === undefined || value === "" ? { state: "missing" } : { state: "value", value };
}

/** What the first element of a list has under "item | name". */
function memberOf(list: unknown, code: string): unknown {
  let value = Array.isArray(list) ? list[0] : undefined;
  for (const name of segmentsOf(code).slice(1)) {
    value = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  }
  return value;
}
