import { CircleAlert, CircleCheck, CircleDashed } from "lucide-react";
import type { Schema } from "@/api/client";
import { useTranslation } from "@/i18n/texts";
import { Badge } from "@/kit/badge";

/** Whether an authentication works, from its tests and its use. */
export function HealthBadge({ authentication: a }: { authentication: Schema<"Authentication"> }) {
  const { t } = useTranslation("authentications");
  if (a.hooks?.state === "failed") {
    return (
      <Badge tone="bad" icon={<CircleAlert aria-hidden className="size-3.5" />} title={a.hooks.reason}>
        {t("health.hooks")}
      </Badge>
    );
  }
  switch (a.health?.state) {
    case "ok":
      return (
        <Badge tone="good" icon={<CircleCheck aria-hidden className="size-3.5" />}>
          {t("health.ok")}
        </Badge>
      );
    case "failing":
      return (
        <Badge
          tone="bad"
          icon={<CircleAlert aria-hidden className="size-3.5" />}
          title={a.health.last_error ?? undefined}
        >
          {t("health.failing")}
        </Badge>
      );
    default:
      return <Badge icon={<CircleDashed aria-hidden className="size-3.5" />}>{t("health.untested")}</Badge>;
  }
}
