import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleCheck, CircleMinus } from "lucide-react";
import { useState } from "react";
import { api, body, type Schema } from "@/api/client";
import { versionQuery } from "@/api/queries/workflow";
import { useWorkflowNames } from "@/api/queries/workflow-names";
import { useMay } from "@/api/session";
import { Decision } from "@/conditions/decision";
import { useTranslation } from "@/i18n/texts";
import { Button } from "@/kit/button";
import { ErrorState, Skeleton } from "@/kit/state";

/** For every workflow that wanted such events: whether it fired, the reason, and each rule with the actual value. */
export function Why({ event }: { event: Schema<"EventDetail"> }) {
  const { t } = useTranslation("events");
  if (event.decisions.length === 0) {
    return <p className="text-muted">{event.status === "accepted" ? t("why.notYet") : t("why.nobody")}</p>;
  }
  return (
    <ul className="divide-y divide-line">
      {event.decisions.map((decision) => (
        <li key={decision.workflow_id} className="py-3">
          <One event={event} decision={decision} />
        </li>
      ))}
    </ul>
  );
}

function One({ event, decision }: { event: Schema<"EventDetail">; decision: Schema<"Decision"> }) {
  const { t } = useTranslation("events");
  const names = useWorkflowNames();
  const [open, setOpen] = useState(false);
  const may = useMay("editor");
  const Sign = decision.matched ? CircleCheck : CircleMinus;
  return (
    <div className="flex items-start gap-3">
      <Sign aria-hidden className={`mt-0.5 size-5 shrink-0 ${decision.matched ? "text-good" : "text-muted"}`} />
      <div className="min-w-0 grow">
        <p>
          <Link to="/workflows/$id" params={{ id: decision.workflow_id }} className="font-medium text-accent">
            {names(decision.workflow_id)}
          </Link>{" "}
          <span className="text-sm text-muted">{t("runs:version", { version: decision.version })}</span>{" "}
          {decision.matched ? t("why.fired") : t("why.didNotFire")}
        </p>
        <p className="break-words">{decision.reason}</p>
        <p className="mt-1 flex flex-wrap gap-3">
          {decision.run_id ? (
            <Link to="/runs/$id" params={{ id: decision.run_id }} className="text-accent">
              {t("why.run")}
            </Link>
          ) : null}
          {may && decision.version > 0 ? (
            <Button small aria-expanded={open} onClick={() => setOpen(!open)}>
              {open ? t("why.hide") : t("why.show")}
            </Button>
          ) : null}
        </p>
        {open ? <Rules event={event} decision={decision} /> : null}
      </div>
    </div>
  );
}

/** The condition of the version that decided, decided again with this event's values. */
function Rules({ event, decision }: { event: Schema<"EventDetail">; decision: Schema<"Decision"> }) {
  const { t } = useTranslation("events");
  const version = useQuery(versionQuery(decision.workflow_id, decision.version));
  const check = useQuery({
    queryKey: ["why", event.id, decision.workflow_id, decision.version],
    queryFn: () =>
      body(
        api.POST("/api/v1/conditions/check", {
          body: { condition: version.data?.condition ?? "", trigger: version.data?.trigger ?? {}, event_id: event.id },
        }),
      ),
    enabled: version.data !== undefined && version.data.condition !== "",
    staleTime: Number.POSITIVE_INFINITY,
  });
  const failed = version.error ?? check.error;
  if (failed) {
    return <ErrorState error={failed} onRetry={() => void Promise.all([version.refetch(), check.refetch()])} />;
  }
  if (version.data?.condition === "") {
    return <p className="text-muted">{t("why.always")}</p>;
  }
  if (!check.data || !version.data) {
    return <Skeleton lines={2} />;
  }
  return (
    <div className="mt-2 flex flex-col gap-2 rounded-md bg-sunken p-3">
      <code className="font-mono text-sm break-words">{version.data.condition}</code>
      <Decision explanation={check.data.explanation} condition={version.data.condition} />
    </div>
  );
}
