import type { ReactNode } from "react";
import { Decision, shownValue } from "@/conditions/decision";
import { Mark } from "@/conditions/mark";
import "@/conditions/texts";
import { useTranslation } from "@/i18n/texts";
import { Badge } from "@/kit/badge";
import { JsonView } from "@/kit/json-view";
import { TestInput } from "./test-input";
import type { TestArm, TestStep } from "./tested";

/** A step of a test in full: what it was given, how it decided, what it would send or has sent, what came back. */
export function TestDetail({ result }: { result: TestStep }) {
  const { t } = useTranslation("testrun");
  const nothing =
    result.input === null &&
    result.output === null &&
    !result.request &&
    !result.response &&
    result.explanation.length === 0 &&
    result.codes.length === 0;
  return (
    <div className="flex min-w-0 flex-col gap-3 text-text">
      {result.sent ? (
        <p className="text-good">{result.sent_to ? t("sentTo", { email: result.sent_to }) : t("sent")}</p>
      ) : null}
      {result.explanation.length > 0 ? <Arms arms={result.explanation} /> : null}
      {result.input === null ? null : (
        <Part title={t("part.input")}>
          <TestInput type={result.type} input={result.input} />
        </Part>
      )}
      {result.request ? (
        <Part title={t("part.request")}>
          <JsonView value={result.request} label={t("part.request")} />
        </Part>
      ) : null}
      {result.response ? (
        <Part title={t("part.response")}>
          <JsonView value={result.response} label={t("part.response")} />
        </Part>
      ) : null}
      {result.output === null ? null : (
        <Part title={t("part.output")}>
          <JsonView value={result.output} label={t("part.output")} />
        </Part>
      )}
      {result.codes.length > 0 ? <Codes codes={result.codes} /> : null}
      {nothing ? <p className="text-muted">{t("nothing")}</p> : null}
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="min-w-0">
      <h4 className="mb-1 text-sm font-semibold text-muted">{title}</h4>
      {children}
    </section>
  );
}

/** How a branch decided: each arm with its condition and the values it saw. */
function Arms({ arms }: { arms: TestArm[] }) {
  const { t } = useTranslation("testrun");
  return (
    <Part title={t("part.decision")}>
      <ol className="flex flex-col gap-2">
        {arms.map((arm, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: arms have no id, and a result never changes
          <li key={i} className="min-w-0 rounded-md border border-line p-2">
            <p className="mb-1 flex flex-wrap items-center gap-1.5">
              <Mark result={arm.result} />
              <span className="font-medium">{arm.name || t("arm", { number: i + 1 })}</span>
              {arm.taken ? <Badge tone="good">{t("taken")}</Badge> : null}
            </p>
            <Decision reason={arm.reason} explanation={arm.explanation} />
          </li>
        ))}
      </ol>
    </Part>
  );
}

/** The merge codes that the step read, with what they were; each once. */
function Codes({ codes }: { codes: TestStep["codes"] }) {
  const { t } = useTranslation("testrun");
  const each = [...new Map(codes.map((use) => [use.code, use])).values()];
  return (
    <Part title={t("part.codes")}>
      <ul className="flex flex-col gap-0.5 text-sm">
        {each.map((use) => (
          <li key={use.code} className="flex min-w-0 flex-wrap gap-x-2">
            <span className="break-words">{use.code}</span>
            {use.status === "ok" ? (
              <span className="line-clamp-2 min-w-0 break-all text-muted">{shownValue(use.value)}</span>
            ) : (
              <span className="text-warn">{t(`code.${use.status}`)}</span>
            )}
          </li>
        ))}
      </ul>
    </Part>
  );
}
