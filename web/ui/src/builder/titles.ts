import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { actionsQuery } from "@/api/queries/actions";
import { triggersQuery } from "@/api/queries/triggers";
import { useTranslation } from "@/i18n/texts";
import { controlTypes } from "./model/definition";
import type { Words } from "./model/describe";
import "./texts";

/** Words for steps and triggers, for summaries and differences. */
export interface Titles extends Words {
  /** the label of a member of a step's config, as its form has it */
  label(type: string, name: string): string;
}

/** The titles of step types and triggers, as the server has them. */
export function useTitles(): Titles {
  const { t } = useTranslation("builder");
  const actions = useQuery(actionsQuery).data;
  const triggers = useQuery(triggersQuery).data;
  return useMemo(() => {
    const control: readonly string[] = controlTypes;
    const specs = new Map([...(triggers ?? []), ...(actions ?? [])].map((s) => [s.type, s]));
    return {
      title: (type) => (control.includes(type) ? t(`kind.${type}`) : (specs.get(type)?.title ?? type)),
      label: (type, name) =>
        specs.get(type)?.fields.find((f) => f.name === name)?.label ??
        (control.includes(type) ? t(`field.${name}`, { defaultValue: name }) : name),
      t: (key, values) => t(key, values ?? {}),
    };
  }, [t, actions, triggers]);
}
