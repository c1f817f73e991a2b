import { Check, Minus, X } from "lucide-react";
import { useTranslation } from "@/i18n/texts";

/** Tick, cross or dash, with its word for who cannot see it. */
export function Mark({ result }: { result: boolean | null }) {
  const { t } = useTranslation("conditions");
  const look = "mt-0.5 size-4 shrink-0";
  if (result === null) {
    return <Minus role="img" aria-label={t("verdict.none")} className={`${look} text-muted`} />;
  }
  return result ? (
    <Check role="img" aria-label={t("verdict.yes")} className={`${look} text-good`} />
  ) : (
    <X role="img" aria-label={t("verdict.no")} className={`${look} text-bad`} />
  );
}
