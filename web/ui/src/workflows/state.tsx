import { CircleAlert, PencilLine } from "lucide-react";
import type { Schema } from "@/api/client";
import { useTranslation } from "@/i18n/texts";
import { Badge, StatusBadge } from "@/kit/badge";

/** How a workflow stands: its status, changes that are not published, and what is broken, each with its reason. */
export function State({ workflow: w }: { workflow: Schema<"Workflow"> }) {
  const { t } = useTranslation("workflows");
  return (
    <div className="flex flex-col items-start gap-1">
      <span className="flex flex-wrap gap-1">
        <StatusBadge status={w.status} />
        {w.has_unpublished_changes && w.status !== "draft" ? (
          <Badge tone="info" icon={<PencilLine aria-hidden className="size-3.5" />}>
            {t("unpublished")}
          </Badge>
        ) : null}
      </span>
      {(w.broken ?? []).map((b) => (
        <span key={b.code + b.message} className="flex items-start gap-1 text-sm text-bad">
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          <span>
            {t("broken")}: {b.message}
          </span>
        </span>
      ))}
    </div>
  );
}
