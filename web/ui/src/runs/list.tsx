import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useCallback } from "react";
import type { Schema } from "@/api/client";
import { type RunFilter, runsQuery } from "@/api/queries/runs";
import { workflowQuery } from "@/api/queries/workflow";
import type { Change } from "@/api/stream";
import { addTexts, useTranslation } from "@/i18n/texts";
import { StatusBadge } from "@/kit/badge";
import { buttonClasses } from "@/kit/button";
import { FilterSelect } from "@/kit/filter-select";
import { useFilters } from "@/kit/filters";
import { LiveChip } from "@/kit/live-chip";
import { Page } from "@/kit/page";
import { QueryTable } from "@/kit/query-table";
import { EmptyState } from "@/kit/state";
import type { Column } from "@/kit/table";
import { durationText, Time, timeText } from "@/kit/time";
import en from "@/locales/en/runs.json";
import { Chips } from "./chips";
import { writeLookup } from "./lookup";
import { LookupBox } from "./lookup-box";
import { NewRows } from "./new-rows";

addTexts("runs", en);

const statuses = ["running", "waiting", "succeeded", "failed", "cancelled"] as const;

/** All runs, newest first, with filters that stand in the address. */
export function RunList({ filter }: { filter: RunFilter }) {
  const { t } = useTranslation("runs");
  const setFilters = useFilters<RunFilter>();
  const list = useInfiniteQuery(runsQuery(filter));
  const fits = useCallback(
    (change: Change) =>
      (!filter.workflow_id || change.data.workflow_id === filter.workflow_id) &&
      (!filter.status || change.data.status === filter.status),
    [filter.workflow_id, filter.status],
  );
  const filtered = Object.values(filter).some(Boolean);
  return (
    <Page title={t("title")} actions={<LiveChip />}>
      <search className="flex flex-wrap items-start gap-3">
        <LookupBox value={filter} onChange={setFilters} />
        <FilterSelect
          label={t("status")}
          any={t("any")}
          value={filter.status}
          options={statuses.map((value) => ({ value, label: t(`common:status.${value}`) }))}
          onChange={(status) => setFilters({ status })}
        />
      </search>
      <FilterChips filter={filter} onChange={setFilters} />
      <NewRows kind="run" query={list} fits={fits} />
      <QueryTable
        label={t("title")}
        query={list}
        columns={columns(t)}
        rowKey={(r) => r.id}
        empty={
          <EmptyState
            title={filtered ? t("empty.filtered") : t("empty.title")}
            text={filtered ? t("empty.filteredText") : t("empty.text")}
          >
            <Link to={filtered ? "/events" : "/workflows"} className={buttonClasses()}>
              {t(filtered ? "empty.events" : "empty.workflows")}
            </Link>
          </EmptyState>
        }
      />
    </Page>
  );
}

function FilterChips({ filter, onChange }: { filter: RunFilter; onChange: (change: Partial<RunFilter>) => void }) {
  const { t } = useTranslation("runs");
  const workflow = useQuery({ ...workflowQuery(filter.workflow_id ?? ""), enabled: Boolean(filter.workflow_id) });
  const texts: Partial<Record<keyof RunFilter, string>> = {
    workflow_id: workflow.data?.workflow.name ?? filter.workflow_id,
    status: filter.status && t(`common:status.${filter.status}`),
    email: filter.email,
    entity: filter.entity && writeLookup({ entity: filter.entity }),
    event_id: filter.event_id && t("ofOneEvent"),
    from: filter.from && t("since", { time: timeText(filter.from) }),
    to: filter.to && t("until", { time: timeText(filter.to) }),
  };
  const chips = Object.entries(texts).flatMap(([id, text]) =>
    text ? [{ id, text, onRemove: () => onChange({ [id]: undefined }) }] : [],
  );
  return <Chips chips={chips} />;
}

type Translate = ReturnType<typeof useTranslation<"runs">>["t"];

function columns(t: Translate): Column<Schema<"Run">>[] {
  return [
    {
      id: "time",
      title: t("column.time"),
      width: "12.5rem",
      cell: (r) => (
        <Link to="/runs/$id" params={{ id: r.id }} className="font-medium text-accent">
          <Time at={r.created_at} seconds />
        </Link>
      ),
    },
    {
      id: "workflow",
      title: t("column.workflow"),
      width: "minmax(0,2fr)",
      cell: (r) => (
        <>
          {r.workflow_name || r.workflow_id}{" "}
          <span className="text-sm text-muted">{t("version", { version: r.version })}</span>
        </>
      ),
    },
    {
      id: "about",
      title: t("column.about"),
      width: "minmax(0,3fr)",
      cell: (r) => (
        <>
          <span className="wrap-anywhere">{r.email ?? ""}</span>
          <span className="block text-sm wrap-anywhere text-muted">{writeLookup({ entity: r.entity })}</span>
        </>
      ),
    },
    {
      id: "status",
      title: t("status"),
      width: "minmax(0,2fr)",
      cell: (r) => (
        <>
          <StatusBadge status={r.status} />
          {r.step ? <span className="ms-2 text-sm text-muted">{t("atStep", { step: r.step })}</span> : null}
          {r.reason ? <p className="line-clamp-2 text-sm break-words">{r.reason}</p> : null}
        </>
      ),
    },
    {
      id: "duration",
      title: t("column.duration"),
      width: "7rem",
      wide: true,
      cell: (r) => (r.duration_ms === null ? "" : durationText(r.duration_ms)),
    },
    { id: "attempts", title: t("column.attempts"), width: "5rem", wide: true, cell: (r) => r.attempts },
  ];
}
