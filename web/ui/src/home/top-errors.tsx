import { Link } from "@tanstack/react-router";
import type { Schema } from "@/api/client";
import { useTranslation } from "@/i18n/texts";

/** Why runs have failed, the most frequent first. */
export function TopErrors({ errors }: { errors: Schema<"TopError">[] }) {
  const { t } = useTranslation("home");
  if (errors.length === 0) {
    return <p className="text-muted">{t("errors.none")}</p>;
  }
  return (
    <ul className="divide-y divide-line">
      {errors.map((e) => (
        <li key={e.message} className="flex items-start justify-between gap-3 py-2">
          <Link to={e.link} className="min-w-0 break-words text-accent">
            {e.message}
          </Link>
          <span className="shrink-0 text-muted">{t("errors.times", { count: e.count })}</span>
        </li>
      ))}
    </ul>
  );
}
