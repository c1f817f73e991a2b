import { Check, CircleAlert, CircleHelp, Clock, FlaskConical, History, type LucideIcon, Minus } from "lucide-react";
import { useTranslation } from "@/i18n/texts";
import { Badge, type Tone } from "@/kit/badge";
import { useTestResult } from "./store";
import type { Outcome } from "./tested";
import "./texts";

const looks: Record<Outcome, [Tone, LucideIcon]> = {
  done: ["good", Check],
  would: ["info", FlaskConical],
  waits: ["info", Clock],
  failed: ["bad", CircleAlert],
  unknown: ["warn", CircleHelp],
  skipped: ["neutral", Minus],
};

/** What a test says of a step, as a word with a sign; stale: the step was edited since. */
export function OutcomeBadge({ outcome, stale, title }: { outcome: Outcome; stale: boolean; title?: string }) {
  const { t } = useTranslation("testrun");
  const [tone, Icon] = looks[outcome];
  if (stale) {
    return (
      <Badge tone="neutral" icon={<History aria-hidden className="size-3.5" />} title={t("stale.help")}>
        {t("stale.outcome", { outcome: t(`outcome.${outcome}`) })}
      </Badge>
    );
  }
  return (
    <Badge tone={tone} icon={<Icon aria-hidden className="size-3.5" />} title={title}>
      {t(`outcome.${outcome}`)}
    </Badge>
  );
}

/** The last test's result of a step, for its card; nothing when it was not tested. */
export function TestChip({ stepId }: { stepId: string }) {
  const result = useTestResult(stepId);
  return result ? <OutcomeBadge outcome={result.outcome} stale={result.stale} title={result.reason} /> : null;
}
