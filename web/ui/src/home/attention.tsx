import { Link } from "@tanstack/react-router";
import { CircleAlert, CircleCheck } from "lucide-react";
import type { Schema } from "@/api/client";
import { useTranslation } from "@/i18n/texts";
import { Time } from "@/kit/time";

/** What a person should look at, the worst first, each with the place where it is mended. */
export function AttentionList({ items }: { items: Schema<"Attention">[] }) {
  const { t } = useTranslation("home");
  if (items.length === 0) {
    return (
      <p className="flex items-center gap-2">
        <CircleCheck aria-hidden className="size-5 text-good" />
        {t("attention.none")}
      </p>
    );
  }
  return (
    <ul className="divide-y divide-line">
      {items.map((item) => (
        <li key={item.code + item.id + item.title} className="flex items-start gap-3 py-2.5">
          <CircleAlert aria-hidden className="mt-0.5 size-5 shrink-0 text-bad" />
          <div className="min-w-0 grow">
            <Link to={item.link} className="font-medium text-accent">
              {item.title}
            </Link>
            <p className="break-words">{item.detail}</p>
            {item.since ? (
              <p className="text-sm text-muted">
                {t("attention.since")} <Time at={item.since} />
              </p>
            ) : null}
          </div>
        </li>
      ))}
    </ul>
  );
}
