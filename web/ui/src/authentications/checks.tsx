import { CircleCheck, CircleX } from "lucide-react";
import type { Schema } from "@/api/client";
import { useTranslation } from "@/i18n/texts";

/** The named checks of a test, each green or red with what was found and what to do. */
export function Checks({ checks }: { checks: Schema<"Check">[] }) {
  const { t } = useTranslation("authentications");
  return (
    <ul className="flex flex-col gap-2">
      {checks.map((check) => (
        <li key={check.name} className="flex items-start gap-2">
          {check.ok ? (
            <CircleCheck aria-hidden className="mt-0.5 size-5 shrink-0 text-good" />
          ) : (
            <CircleX aria-hidden className="mt-0.5 size-5 shrink-0 text-bad" />
          )}
          <div className="min-w-0">
            <p className="font-medium">
              {check.name}
              <span className="sr-only">: {check.ok ? t("checks.ok") : t("checks.bad")}</span>
            </p>
            {check.detail ? <p className="break-words text-muted">{check.detail}</p> : null}
          </div>
        </li>
      ))}
    </ul>
  );
}
