import type { Schema } from "@/api/client";
import { useTranslation } from "@/i18n/texts";
import { Mark } from "./mark";

/** A value in one line, as a person reads it. */
export function shownValue(value: unknown): string {
  if (value === null || value === undefined) {
    return "—";
  }
  return typeof value === "string" ? `“${value}”` : JSON.stringify(value);
}

/** How a condition was decided: the sentence, and each comparison with what it saw. */
export function Decision({
  reason,
  explanation,
}: {
  reason?: string;
  explanation: Schema<"Comparison">[] | null | undefined;
}) {
  const { t } = useTranslation("conditions");
  const parts = explanation ?? [];
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      {reason ? <p>{reason}</p> : null}
      {parts.length > 0 ? (
        <ul aria-label={t("decision.label")} className="flex min-w-0 flex-col gap-1">
          {parts.map((part, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same comparison may stand there twice
            <li key={i} className="flex min-w-0 items-start gap-1.5 text-sm">
              <Mark result={typeof part.result === "boolean" ? part.result : null} />
              <div className="min-w-0">
                <code className="font-mono break-words">{part.expression}</code>
                {part.missing && part.missing.length > 0 ? (
                  <p className="text-warn">{t("verdict.missing", { codes: part.missing.join(", ") })}</p>
                ) : (
                  <p className="break-words text-muted">{t("verdict.value", { value: shownValue(part.value) })}</p>
                )}
              </div>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
