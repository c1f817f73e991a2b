import { type FormEvent, useState } from "react";
import { Problem } from "@/api/problem";
import { useTranslation } from "@/i18n/texts";
import { Button } from "@/kit/button";
import { TextField } from "@/kit/field";
import { Section } from "@/kit/page";
import { ErrorState } from "@/kit/state";
import { notify } from "@/kit/toast";
import { parseLimit } from "./limit";
import { useSaveSending } from "./use-save-sending";

const fields = ["per_recipient_day", "per_workflow_hour"] as const;
type Field = (typeof fields)[number];

/** How many mails one address and one workflow may have. */
export function SendingLimits({ perRecipient, perWorkflow }: { perRecipient?: number; perWorkflow?: number }) {
  const { t } = useTranslation("settings");
  const [texts, setTexts] = useState<Record<Field, string>>({
    per_recipient_day: String(perRecipient ?? ""),
    per_workflow_hour: String(perWorkflow ?? ""),
  });
  const [tried, setTried] = useState(false);
  const save = useSaveSending(() => notify(t("sending.saved")));
  const wrong = (field: Field) => parseLimit(texts[field]) === undefined;
  function at(field: Field) {
    if (tried && wrong(field)) {
      return t("sending.wrong");
    }
    return save.error instanceof Problem
      ? save.error
          .at(`sending.${field}`)
          .map((e) => e.message)
          .join(" ") || undefined
      : undefined;
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (!fields.some(wrong)) {
      save.mutate(Object.fromEntries(fields.map((field) => [field, parseLimit(texts[field])])));
    }
  }
  return (
    <Section title={t("sending.limits")}>
      <form onSubmit={submit} className="flex max-w-lg flex-col gap-4" noValidate>
        <p className="text-muted">{t("sending.limitsText")}</p>
        {fields.map((field) => (
          <TextField
            key={field}
            label={t(`sending.${field}`)}
            help={t(`sending.${field}_help`)}
            inputMode="numeric"
            value={texts[field]}
            error={at(field)}
            onChange={(e) => setTexts({ ...texts, [field]: e.target.value })}
          />
        ))}
        {save.error && !fields.some(at) ? <ErrorState error={save.error} title={t("sending.notSaved")} /> : null}
        <div>
          <Button type="submit" look="primary" busy={save.isPending}>
            {t("common:action.save")}
          </Button>
        </div>
      </form>
    </Section>
  );
}
