import { Infinity as Always, CircleAlert, LoaderCircle, RotateCw, Check as Tick, X } from "lucide-react";
import { usePreviewContext } from "@/codes/source";
import { useTranslation } from "@/i18n/texts";
import { Badge } from "@/kit/badge";
import { Button } from "@/kit/button";
import { messageOf } from "@/kit/state";
import type { Check } from "./use-check";

/** What the condition comes to for the chosen event, and how many of its rules hold. */
export function ConditionBadge({ value, check, required }: { value: string; check: Check; required?: boolean }) {
  const { t } = useTranslation("conditions");
  const { source } = usePreviewContext();
  const icon = "size-3.5";
  if (value.trim() === "") {
    return required ? (
      <p>
        <Badge tone="warn" icon={<CircleAlert aria-hidden className={icon} />}>
          {t("badge.needed")}
        </Badge>
      </p>
    ) : (
      <p>
        <Badge icon={<Always aria-hidden className={icon} />}>{t("badge.always")}</Badge>
      </p>
    );
  }
  if (check.state === "error") {
    return (
      <div role="alert" className="flex flex-wrap items-center gap-2 text-sm text-bad">
        <CircleAlert aria-hidden className="size-4 shrink-0" />
        <span>{t("badge.failed", { message: messageOf(check.error) })}</span>
        <Button small onClick={check.retry} icon={<RotateCw aria-hidden className={icon} />}>
          {t("common:action.retry")}
        </Button>
      </div>
    );
  }
  if (check.state !== "done" || check.condition !== value) {
    return (
      <p className="flex items-center gap-1.5 text-sm text-muted">
        {check.state === "none" ? null : (
          <>
            <LoaderCircle aria-hidden className={`${icon} animate-spin`} />
            {t("badge.checking")}
          </>
        )}
      </p>
    );
  }
  if (check.result === null) {
    return (
      <p>
        <Badge tone="bad" icon={<CircleAlert aria-hidden className={icon} />}>
          {t("badge.undecided")}
        </Badge>
      </p>
    );
  }
  const holding = check.rules.filter((r) => r.result === true).length;
  const word = check.result ? "true" : "false";
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1 text-sm">
      <Badge
        tone={check.result ? "good" : "warn"}
        icon={check.result ? <Tick aria-hidden className={icon} /> : <X aria-hidden className={icon} />}
      >
        {check.rules.length > 1 ? t(`badge.${word}Of`, { holding, count: check.rules.length }) : t(`badge.${word}`)}
      </Badge>
      <span className="min-w-0 break-words text-muted">
        {t("badge.for", { source: source.kind === "builtin" ? t("badge.builtin") : source.label })}
      </span>
    </div>
  );
}
