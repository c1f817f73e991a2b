import { useState } from "react";
import type { Schema } from "@/api/client";
import { useMay } from "@/api/session";
import { useTranslation } from "@/i18n/texts";
import { StatusBadge } from "@/kit/badge";
import { CopyButton } from "@/kit/copy";
import { JsonView } from "@/kit/json-view";
import { type Tab, Tabs } from "@/kit/tabs";
import { durationText, Time } from "@/kit/time";
import { readRequest, toCurl } from "./curl";

/** What a step got, sent and received, attempt by attempt. */
export function StepDetail({ step, config, title }: { step: Schema<"RunStep">; config: unknown; title: string }) {
  const { t } = useTranslation("runs");
  const may = useMay("editor");
  const [number, setNumber] = useState(step.attempts.length);
  const attempt = step.attempts.find((a) => a.number === number) ?? step.attempts[step.attempts.length - 1];
  const hidden = <p className="text-muted">{t("step.hidden")}</p>;
  const none = <p className="text-muted">{t("step.none")}</p>;
  const tabs: Tab[] = [
    {
      id: "request",
      label: t("step.request"),
      content: !may ? hidden : attempt?.request ? <Request text={attempt.request} /> : none,
    },
    {
      id: "response",
      label: t("step.response"),
      content: !may ? (
        hidden
      ) : attempt?.response ? (
        <JsonView value={attempt.response} label={t("step.response")} />
      ) : (
        none
      ),
    },
    {
      id: "output",
      label: t("step.output"),
      content: !may ? hidden : step.output ? <JsonView value={step.output} label={t("step.output")} /> : none,
    },
    {
      id: "config",
      label: t("step.config"),
      content: config ? <JsonView value={config} label={t("step.config")} /> : none,
    },
    { id: "attempts", label: t("step.attempts", { count: step.attempts.length }), content: <Attempts step={step} /> },
  ];
  return (
    <div className="flex flex-col gap-3">
      <h3 className="flex flex-wrap items-center gap-2 text-lg font-semibold">
        {title} <StatusBadge status={step.status} />
      </h3>
      {step.reason ? <p className="break-words">{step.reason}</p> : null}
      {step.next_attempt_at ? (
        <p>
          {t("step.next")} <Time at={step.next_attempt_at} seconds />
        </p>
      ) : null}
      {step.attempts.length > 1 ? (
        <label className="flex items-center gap-2 text-sm">
          {t("step.attempt")}
          <select
            className="min-h-8 rounded-md border border-line-strong bg-surface px-2"
            value={attempt?.number}
            onChange={(e) => setNumber(Number(e.target.value))}
          >
            {step.attempts.map((a) => (
              <option key={a.number} value={a.number}>
                {t("step.attemptOf", { number: a.number, count: step.attempts.length })}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      {attempt?.error ? <p className="break-words text-bad">{attempt.error}</p> : null}
      <Tabs label={t("step.tabs", { step: step.id })} tabs={tabs} />
    </div>
  );
}

function Request({ text }: { text: string }) {
  const { t } = useTranslation("runs");
  const request = readRequest(text);
  return (
    <div className="flex flex-col gap-2">
      {request ? (
        <div>
          <CopyButton text={toCurl(request)} label={t("step.curl")} />
        </div>
      ) : null}
      <JsonView value={text} label={t("step.request")} />
    </div>
  );
}

function Attempts({ step }: { step: Schema<"RunStep"> }) {
  const { t } = useTranslation("runs");
  if (step.attempts.length === 0) {
    return <p className="text-muted">{t("step.noAttempts")}</p>;
  }
  return (
    <ol className="divide-y divide-line">
      {step.attempts.map((a) => (
        <li key={a.number} className="py-2">
          <p>
            {t("step.attemptOf", { number: a.number, count: step.attempts.length })} ·{" "}
            <Time at={a.started_at} seconds />
            {a.finished_at ? ` · ${durationText(Date.parse(a.finished_at) - Date.parse(a.started_at))}` : ""}
          </p>
          {a.error ? <p className="break-words text-bad">{a.error}</p> : null}
        </li>
      ))}
    </ol>
  );
}
