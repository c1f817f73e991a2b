import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import type { Schema } from "@/api/client";
import { runQuery } from "@/api/queries/runs";
import { useWorkflowNames } from "@/api/queries/workflow-names";
import { useTitles } from "@/builder/titles";
import { addTexts, useTranslation } from "@/i18n/texts";
import { StatusBadge } from "@/kit/badge";
import { LiveChip } from "@/kit/live-chip";
import { Page, Section } from "@/kit/page";
import { ErrorState, Skeleton } from "@/kit/state";
import { durationText, Time } from "@/kit/time";
import en from "@/locales/en/runs.json";
import { RunActions } from "./actions";
import { writeLookup } from "./lookup";
import { StepDetail } from "./step-detail";
import { Timeline } from "./timeline";

addTexts("runs", en);

/** One run: how it stands, what each step did, and what one can do about it. */
export function RunDetail({ id }: { id: string }) {
  const { t } = useTranslation("runs");
  const run = useQuery(runQuery(id));
  if (run.isPending) {
    return (
      <Page title={t("one")}>
        <Skeleton lines={8} />
      </Page>
    );
  }
  if (run.isError && !run.data) {
    return (
      <Page title={t("one")}>
        <ErrorState error={run.error} onRetry={() => void run.refetch()} />
      </Page>
    );
  }
  return <Loaded run={run.data} />;
}

function Loaded({ run }: { run: Schema<"RunDetail"> }) {
  const { t } = useTranslation("runs");
  const titles = useTitles();
  const nameOf = useWorkflowNames();
  const now = useNow(run.status === "running");
  const first =
    run.steps.find((s) => s.status === "failed" || s.status === "held" || s.status === "waiting") ?? run.steps[0];
  const [chosen, setChosen] = useState(first?.id ?? "");
  const step = run.steps.find((s) => s.id === chosen) ?? first;
  const configs = useMemo(() => configsOf(run.definition), [run.definition]);
  return (
    <Page
      title={t("oneOf", { workflow: run.workflow_name || run.workflow_id })}
      actions={
        <>
          <LiveChip />
          <RunActions run={run} />
        </>
      }
    >
      <Section title={t("summary")} actions={<StatusBadge status={run.status} />}>
        {run.reason ? (
          <p className={`mb-3 break-words ${run.status === "failed" ? "text-bad" : ""}`}>{run.reason}</p>
        ) : null}
        <Facts run={run} />
      </Section>
      <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-2">
        <Section title={t("timeline.title")}>
          <Timeline
            run={run}
            now={now}
            chosen={step?.id ?? ""}
            titleOf={(s) => titles.title(s.type)}
            onChoose={setChosen}
          />
        </Section>
        {step ? (
          <Section title={t("step.title", { step: step.id })}>
            <StepDetail
              key={step.id + step.attempts.length}
              step={step}
              config={configs.get(step.id)}
              title={titles.title(step.type)}
            />
          </Section>
        ) : null}
      </div>
      {run.other_runs.length > 0 ? (
        <Section title={t("others")}>
          <ul className="flex flex-col gap-1">
            {run.other_runs.map((other) => (
              <li key={other.id} className="flex items-center gap-2">
                <Link to="/runs/$id" params={{ id: other.id }} className="text-accent">
                  {nameOf(other.workflow_id)}
                </Link>
                <StatusBadge status={other.status} />
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
    </Page>
  );
}

function Facts({ run }: { run: Schema<"RunDetail"> }) {
  const { t } = useTranslation("runs");
  return (
    <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-2 xl:grid-cols-4">
      <Fact name={t("column.workflow")}>
        <Link to="/workflows/$id" params={{ id: run.workflow_id }} className="text-accent">
          {run.workflow_name || run.workflow_id}
        </Link>{" "}
        {t("version", { version: run.version })}
      </Fact>
      <Fact name={t("event")}>
        <Link to="/events/$id" params={{ id: run.event_id }} className="text-accent">
          {run.entity ? writeLookup({ entity: run.entity }) : t("eventLink")}
        </Link>
        {run.email ? <span className="block break-all">{run.email}</span> : null}
      </Fact>
      <Fact name={t("began")}>
        <Time at={run.created_at} seconds />
        {run.queued_ms ? (
          <span className="block text-sm text-muted">{t("queued", { time: durationText(run.queued_ms) })}</span>
        ) : null}
      </Fact>
      <Fact name={run.finished_at ? t("ended") : t("nextLook")}>
        <Time at={run.finished_at ?? run.next_attempt_at} seconds />
        {run.duration_ms === null ? null : (
          <span className="block text-sm text-muted">{t("took", { time: durationText(run.duration_ms) })}</span>
        )}
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt className="text-sm text-muted">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** The present, renewed each second while it is looked at something that goes on. */
function useNow(going: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!going) {
      return;
    }
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [going]);
  return now;
}

/** What each step was told to do, by its id; those in branches included. */
function configsOf(steps: Schema<"Step">[], into = new Map<string, unknown>()): Map<string, unknown> {
  for (const step of steps) {
    if (step.id && step.config) {
      into.set(step.id, step.config);
    }
    for (const branch of step.branches ?? []) {
      configsOf(branch.steps ?? [], into);
    }
    configsOf(step.otherwise ?? [], into);
  }
  return into;
}
