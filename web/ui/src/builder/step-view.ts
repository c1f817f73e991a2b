import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { triggersQuery } from "@/api/queries/triggers";
import type { Step } from "./model/definition";
import { describeCondition, describeStep } from "./model/describe";
import { useBuilder } from "./state/store";
import { useWords } from "./words";

export interface StepView {
  title: string;
  /** one line that says what it does */
  summary: string;
  /** the authentication it works with; unknown: the one it names is not there */
  authentication?: { name: string; known: boolean };
}

/** What a card and a line of the outline say of a step. */
export function useStepView(step: Step): StepView {
  const { t, titles, authentications } = useWords();
  return useMemo(() => {
    const id = step.config?.authentication_id;
    const found = authentications?.find((a) => a.id === id);
    return {
      title: titles.title(step.type ?? ""),
      summary: describeStep(step, titles),
      authentication:
        typeof id === "string" && id !== "" && authentications
          ? { name: found?.name ?? t("card.unknownAuthentication"), known: found !== undefined }
          : undefined,
    };
  }, [step, titles, authentications, t]);
}

/** What the trigger's card says. */
export function useTriggerView() {
  const { t, titles, authentications } = useWords();
  const trigger = useBuilder((s) => s.doc.trigger);
  const condition = useBuilder((s) => s.doc.condition);
  const oncePer = useBuilder((s) => s.doc.once_per);
  const { data: triggers } = useQuery(triggersQuery);
  return {
    type: trigger.type ?? "",
    title: triggers?.find((x) => x.type === trigger.type)?.title ?? (trigger.type || t("trigger.none")),
    store: authentications?.find((a) => a.id === trigger.authentication_id)?.name,
    always: (condition ?? "").trim() === "",
    condition: describeCondition(condition ?? "", titles),
    oncePer: oncePer && oncePer !== "event" ? t(`oncePer.${oncePer}`, oncePer) : undefined,
  };
}
