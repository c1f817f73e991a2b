import type { Schema } from "@/api/client";
import { useTranslation } from "@/i18n/texts";
import { Checkbox, SelectField, TextField } from "@/kit/field";
import type { Step } from "../model/definition";
import type { Located } from "../model/locations";
import { DurationField } from "./fields/duration-field";
import { messageAt } from "./messages";

interface RetryFormProps {
  step: Step;
  problems: readonly Located[];
  readOnly: boolean;
  onChange: (write: (step: Step) => void, key?: string) => void;
}

const start: Schema<"Retry"> = { attempts: 5, backoff: "exponential", first: "5s", max: "1h" };

/** When a failed attempt is repeated: as Cartwheel sees fit, or at times of one's own. */
export function RetryForm({ step, problems, readOnly, onChange }: RetryFormProps) {
  const { t } = useTranslation("inspector");
  const retry = step.retry;
  const set = (member: keyof Schema<"Retry">, value: string | number) =>
    onChange((s) => {
      s.retry = { ...s.retry, [member]: value };
    }, `retry.${member}`);
  return (
    <div className="flex flex-col gap-4" data-location="retry">
      <Checkbox
        label={t("step.retry")}
        help={t("step.retryHelp")}
        checked={retry !== undefined}
        disabled={readOnly}
        onChange={(e) => {
          const own = e.target.checked;
          onChange((s) => {
            if (own) {
              s.retry = { ...start };
            } else {
              delete s.retry;
            }
          });
        }}
      />
      {retry ? (
        <>
          <div data-location="retry.attempts">
            <TextField
              label={t("step.attempts")}
              type="number"
              min={1}
              max={100}
              error={messageAt(problems, "retry.attempts")}
              value={retry.attempts ?? start.attempts}
              readOnly={readOnly}
              onChange={(e) => set("attempts", Math.trunc(Number(e.target.value)))}
            />
          </div>
          <div data-location="retry.backoff">
            <SelectField
              label={t("step.backoff")}
              error={messageAt(problems, "retry.backoff")}
              value={retry.backoff || "exponential"}
              disabled={readOnly}
              options={[
                { value: "exponential", label: t("step.backoffExponential") },
                { value: "constant", label: t("step.backoffConstant") },
              ]}
              onChange={(e) => set("backoff", e.target.value)}
            />
          </div>
          <DurationField
            label={t("step.first")}
            error={messageAt(problems, "retry.first")}
            value={retry.first ?? ""}
            standard={start.first}
            location="retry.first"
            readOnly={readOnly}
            onChange={(value) => set("first", value)}
          />
          <DurationField
            label={t("step.max")}
            error={messageAt(problems, "retry.max")}
            value={retry.max ?? ""}
            standard={start.max}
            location="retry.max"
            readOnly={readOnly}
            onChange={(value) => set("max", value)}
          />
        </>
      ) : null}
    </div>
  );
}
