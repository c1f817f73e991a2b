import { useState } from "react";
import { useTranslation } from "@/i18n/texts";
import { TextField } from "@/kit/field";
import { renameStep } from "../model/edit-steps";
import { idsOf, validId } from "../model/ids";
import { useBuilder, useBuilderStore } from "../state/store";

interface StepIdFieldProps {
  id: string;
  error?: string;
  readOnly: boolean;
  /** what it leaves behind is of use for later steps */
  shown: boolean;
}

/** The id of a step. It changes when the field is left, so that references follow once and not letter by letter. */
export function StepIdField({ id, error, readOnly, shown }: StepIdFieldProps) {
  const { t } = useTranslation("inspector");
  const store = useBuilderStore();
  const edit = useBuilder((s) => s.edit);
  const [typed, setTyped] = useState(id);
  const taken = typed !== id && idsOf(store.getState().doc).has(typed);
  const wrong = typed !== id && !validId(typed) ? t("step.idWrong") : taken ? t("step.idTaken") : undefined;
  const commit = () => {
    if (typed !== id && !wrong) {
      edit(t("edit.rename", { id, next: typed }), (def) => renameStep(def, id, typed), {
        select: { kind: "step", id: typed },
      });
    }
  };
  return (
    <div data-location="id">
      <TextField
        label={t("step.id")}
        help={shown ? t("step.idHelp", { id: typed || id }) : undefined}
        error={wrong ?? error}
        value={typed}
        readOnly={readOnly}
        spellCheck={false}
        onChange={(e) => setTyped(e.target.value.trim().toLowerCase())}
        onBlur={commit}
        onKeyDown={(e) => {
          if (e.key === "Enter") {
            commit();
          } else if (e.key === "Escape" && typed !== id) {
            e.stopPropagation();
            setTyped(id);
          }
        }}
      />
    </div>
  );
}
