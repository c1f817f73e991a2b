import { useCallback } from "react";
import { useTranslation } from "@/i18n/texts";
import type { Definition, Step } from "../model/definition";
import { setStep, setStepField } from "../model/edit-steps";
import { useBuilder } from "../state/store";
import { useTitles } from "../titles";
import "./texts";

/** The edits of one step's form, each a step of undo; typing in one field is one. */
export function useStepEdit(step: Step, id: string) {
  const { t } = useTranslation("inspector");
  const edit = useBuilder((s) => s.edit);
  const title = useTitles().title(step.type ?? "");
  const setField = useCallback(
    (name: string, label: string, value: unknown) =>
      edit(t("edit.field", { label, step: title }), (def) => setStepField(def, id, name, value), {
        key: `${id}:config.${name}`,
      }),
    [edit, t, title, id],
  );
  const change = useCallback(
    (write: (step: Step) => void, key?: string) =>
      edit(t("edit.settings", { step: title }), (def: Definition) => setStep(def, id, write), {
        key: key ? `${id}:${key}` : undefined,
      }),
    [edit, t, title, id],
  );
  return { title, setField, change };
}
