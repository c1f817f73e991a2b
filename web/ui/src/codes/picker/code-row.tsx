import { TriangleAlert, UserRound } from "lucide-react";
import { useTranslation } from "@/i18n/texts";
import { type Code, shortLabel, valueText } from "../codes";
import { segmentsOf } from "../template-text";
import type { Codes, Known } from "../use-codes";

/** A code in the picker: its name, its value in the chosen event, its type and how often it was filled. */
export function CodeRow({ code, codes }: { code: Code; codes: Codes }) {
  const { t } = useTranslation("codes");
  const segments = segmentsOf(shortLabel(code.code));
  const last = segments.pop();
  return (
    <div className="flex min-w-0 grow flex-col">
      <div className="flex min-w-0 items-baseline gap-2">
        <span className="min-w-0 grow break-words">
          {segments.length > 0 ? <span className="text-muted">{`${segments.join(" | ")} | `}</span> : null}
          <span className={code.reason ? "text-muted line-through" : "font-medium"}>{last}</span>
        </span>
        {code.personal ? (
          <UserRound
            aria-label={t("picker.personal")}
            role="img"
            className="size-3.5 shrink-0 self-center text-muted"
          />
        ) : null}
        <span className="shrink-0 text-sm text-muted">
          {code.reason ? "" : t(`type.${code.type || "any"}`, code.type)}
        </span>
      </div>
      {code.reason ? (
        <span className="text-sm text-muted">{code.reason}</span>
      ) : (
        <div className="flex min-w-0 items-baseline gap-2 text-sm">
          <KnownValue known={codes.valueOf(code)} />
          <FillRate filled={codes.filled(code)} />
        </div>
      )}
    </div>
  );
}

/** A value in one line, or that there is none. */
export function KnownValue({ known }: { known: Known }) {
  const { t } = useTranslation("codes");
  if (known.state === "value") {
    return <span className="min-w-0 grow truncate font-mono text-xs text-text">{valueText(known.value)}</span>;
  }
  const missing = known.state === "missing";
  return (
    <span className={missing ? "flex grow items-center gap-1 text-warn" : "grow text-muted"}>
      {missing ? <TriangleAlert aria-hidden className="size-3.5" /> : null}
      {t(`value.${known.state}`)}
    </span>
  );
}

/** In how many of the latest events a code had a value. */
export function FillRate({ filled }: { filled?: { seen: number; filled: number } }) {
  const { t } = useTranslation("codes");
  if (!filled || filled.seen === 0) {
    return null;
  }
  const percent = Math.floor((100 * filled.filled) / filled.seen);
  return (
    <span
      className={percent < 98 ? "shrink-0 text-warn" : "shrink-0 text-muted"}
      title={t("picker.fillOf", { count: filled.seen })}
    >
      {t("picker.filled", { percent })}
    </span>
  );
}
