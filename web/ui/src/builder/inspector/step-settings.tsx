import { useTranslation } from "@/i18n/texts";
import { Checkbox, SelectField } from "@/kit/field";
import type { Step } from "../model/definition";
import { isDisabled, setDisabled } from "../model/edit-steps";
import { useProblemsOf } from "../state/problems";
import { useBuilder } from "../state/store";
import { messageAt } from "./messages";
import { RetryForm } from "./retry-form";
import { StepIdField } from "./step-id-field";
import { useStepEdit } from "./use-step-edit";

/** What every step has: its name for later steps, whether it is on, and for an action what happens when it fails. */
export function StepSettings({ step, id, action }: { step: Step; id: string; action: boolean }) {
  const { t } = useTranslation("inspector");
  const edit = useBuilder((s) => s.edit);
  const canEdit = useBuilder((s) => s.canEdit);
  const problems = useProblemsOf("step", id);
  const { title, change } = useStepEdit(step, id);
  const off = isDisabled(step);
  const failing = ["on_error", "on_unknown", "retry"].some((f) => messageAt(problems, f));
  return (
    <div className="flex min-w-0 flex-col gap-4 border-t border-line pt-4">
      <StepIdField id={id} error={messageAt(problems, "id")} readOnly={!canEdit} shown={action} />
      <div data-location="disabled">
        <Checkbox
          label={t("step.off")}
          help={t("step.offHelp")}
          checked={off}
          disabled={!canEdit}
          onChange={(e) => {
            const next = e.target.checked;
            edit(t(next ? "edit.off" : "edit.on", { step: title }), (def) => setDisabled(def, id, next));
          }}
        />
      </div>
      {action ? (
        <details className="rounded-md border border-line" open={failing || undefined}>
          <summary className="min-h-9 cursor-pointer px-3 py-1.5">{t("step.failing")}</summary>
          <div className="flex flex-col gap-4 border-t border-line p-3">
            <div data-location="on_error">
              <SelectField
                label={t("step.onError")}
                error={messageAt(problems, "on_error")}
                value={step.on_error || "stop"}
                disabled={!canEdit}
                options={[
                  { value: "stop", label: t("step.onErrorStop") },
                  { value: "continue", label: t("step.onErrorContinue") },
                ]}
                onChange={(e) => change((s) => assign(s, "on_error", e.target.value === "stop" ? "" : e.target.value))}
              />
            </div>
            <div data-location="on_unknown">
              <SelectField
                label={t("step.onUnknown")}
                help={t("step.onUnknownHelp")}
                error={messageAt(problems, "on_unknown")}
                value={step.on_unknown ?? ""}
                disabled={!canEdit}
                options={[
                  { value: "", label: t("step.onUnknownDefault") },
                  { value: "repeat", label: t("step.onUnknownRepeat") },
                  { value: "hold", label: t("step.onUnknownHold") },
                ]}
                onChange={(e) => change((s) => assign(s, "on_unknown", e.target.value))}
              />
            </div>
            <RetryForm step={step} problems={problems} readOnly={!canEdit} onChange={change} />
          </div>
        </details>
      ) : null}
    </div>
  );
}

function assign(step: Step, name: "on_error" | "on_unknown", value: string) {
  if (value === "") {
    delete step[name];
  } else {
    step[name] = value;
  }
}
