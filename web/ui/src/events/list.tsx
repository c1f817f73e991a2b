import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useCallback } from "react";
import type { Schema } from "@/api/client";
import { type EventFilter, eventsQuery } from "@/api/queries/events";
import { triggersQuery } from "@/api/queries/triggers";
import type { Change } from "@/api/stream";
import { addTexts, useTranslation } from "@/i18n/texts";
import { Badge, StatusBadge } from "@/kit/badge";
import { buttonClasses } from "@/kit/button";
import { FilterSelect } from "@/kit/filter-select";
import { useFilters } from "@/kit/filters";
import { LiveChip } from "@/kit/live-chip";
import { Page } from "@/kit/page";
import { QueryTable } from "@/kit/query-table";
import { EmptyState } from "@/kit/state";
import type { Column } from "@/kit/table";
import { Time, timeText } from "@/kit/time";
import en from "@/locales/en/events.json";
import runTexts from "@/locales/en/runs.json";
import { Chips } from "@/runs/chips";
import { writeLookup } from "@/runs/lookup";
import { LookupBox } from "@/runs/lookup-box";
import { NewRows } from "@/runs/new-rows";

addTexts("events", en);
addTexts("runs", runTexts);

const statuses = ["accepted", "done", "failed"] as const;

/** Everything that came in, newest first, whether a workflow wanted it or not. */
export function EventList({ filter }: { filter: EventFilter }) {
  const { t } = useTranslation("events");
  const setFilters = useFilters<EventFilter>();
  const list = useInfiniteQuery(eventsQuery(filter));
  const triggers = useQuery(triggersQuery);
  const titleOf = (type: string) => triggers.data?.find((x) => x.type === type)?.title ?? type;
  const fits = useCallback(
    (change: Change) =>
      (!filter.trigger || change.data.trigger === filter.trigger) &&
      (!filter.status || change.data.status === filter.status),
    [filter.trigger, filter.status],
  );
  const filtered = Object.values(filter).some(Boolean);
  const texts: Partial<Record<keyof EventFilter, string>> = {
    trigger: filter.trigger && titleOf(filter.trigger),
    status: filter.status && t(`common:status.${filter.status}`),
    email: filter.email,
    entity: filter.entity && writeLookup({ entity: filter.entity }),
    authentication_id: filter.authentication_id,
    from: filter.from && t("runs:since", { time: timeText(filter.from) }),
    to: filter.to && t("runs:until", { time: timeText(filter.to) }),
  };
  const chips = Object.entries(texts).flatMap(([id, text]) =>
    text ? [{ id, text, onRemove: () => setFilters({ [id]: undefined }) }] : [],
  );
  return (
    <Page title={t("title")} text={t("text")} actions={<LiveChip />}>
      <search className="flex flex-wrap items-start gap-3">
        <LookupBox value={filter} onChange={setFilters} />
        <FilterSelect
          label={t("trigger")}
          any={t("runs:any")}
          value={filter.trigger}
          options={(triggers.data ?? []).map((x) => ({ value: x.type, label: x.title }))}
          onChange={(trigger) => setFilters({ trigger })}
        />
        <FilterSelect
          label={t("runs:status")}
          any={t("runs:any")}
          value={filter.status}
          options={statuses.map((value) => ({ value, label: t(`common:status.${value}`) }))}
          onChange={(status) => setFilters({ status })}
        />
      </search>
      <Chips chips={chips} />
      <NewRows kind="event" query={list} fits={fits} />
      <QueryTable
        label={t("title")}
        query={list}
        columns={columns(t, titleOf)}
        rowKey={(e) => e.id}
        empty={
          <EmptyState
            title={filtered ? t("empty.filtered") : t("empty.title")}
            text={filtered ? undefined : t("empty.text")}
          >
            {filtered ? null : (
              <Link to="/start" className={buttonClasses("primary")}>
                {t("common:nav.start")}
              </Link>
            )}
          </EmptyState>
        }
      />
    </Page>
  );
}

type Translate = ReturnType<typeof useTranslation<"events">>["t"];

function columns(t: Translate, titleOf: (type: string) => string): Column<Schema<"Event">>[] {
  return [
    {
      id: "time",
      title: t("column.received"),
      width: "12.5rem",
      cell: (e) => (
        <Link to="/events/$id" params={{ id: e.id }} className="font-medium text-accent">
          <Time at={e.received_at} seconds />
        </Link>
      ),
    },
    {
      id: "trigger",
      title: t("column.what"),
      width: "minmax(0,2fr)",
      cell: (e) => (
        <>
          {titleOf(e.trigger)}
          {e.replay_of ? (
            <span className="ms-2">
              <Badge tone="info">{t("replayed")}</Badge>
            </span>
          ) : null}
        </>
      ),
    },
    {
      id: "entity",
      title: t("column.about"),
      width: "minmax(0,3.5fr)",
      cell: (e) => <span className="wrap-anywhere">{writeLookup({ entity: e.entity })}</span>,
    },
    {
      id: "status",
      title: t("runs:status"),
      width: "minmax(0,2.5fr)",
      cell: (e) => (
        <>
          <StatusBadge status={e.status} />
          {e.reason ? <p className="line-clamp-2 text-sm break-words">{e.reason}</p> : null}
          {e.next_attempt_at ? (
            <p className="text-sm text-muted">
              {t("next")} <Time at={e.next_attempt_at} seconds />
            </p>
          ) : null}
        </>
      ),
    },
    {
      id: "duplicates",
      title: t("column.duplicates"),
      width: "7rem",
      wide: true,
      cell: (e) => (e.duplicates > 0 ? t("again", { count: e.duplicates }) : ""),
    },
  ];
}
