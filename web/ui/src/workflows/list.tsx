import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Plus, Workflow as WorkflowIcon } from "lucide-react";
import { useState } from "react";
import type { Schema } from "@/api/client";
import { triggersQuery } from "@/api/queries/triggers";
import { type WorkflowFilter, workflowsQuery } from "@/api/queries/workflows";
import { useMay } from "@/api/session";
import { addTexts, useTranslation } from "@/i18n/texts";
import { StatusBadge } from "@/kit/badge";
import { Button } from "@/kit/button";
import { inputClasses } from "@/kit/field";
import { FilterSelect } from "@/kit/filter-select";
import { useFilters, useTyped } from "@/kit/filters";
import { Page } from "@/kit/page";
import { QueryTable } from "@/kit/query-table";
import { EmptyState } from "@/kit/state";
import type { Column } from "@/kit/table";
import { Time } from "@/kit/time";
import en from "@/locales/en/workflows.json";
import { NewWorkflow } from "./new";
import { RowMenu } from "./row-menu";
import { State } from "./state";

addTexts("workflows", en);

/** All workflows with how they stand. */
export function WorkflowList({ filter, making }: { filter: WorkflowFilter; making: boolean }) {
  const { t } = useTranslation("workflows");
  const may = useMay("editor");
  const list = useInfiniteQuery(workflowsQuery(filter));
  const triggers = useQuery(triggersQuery);
  const setFilters = useFilters<WorkflowFilter & { new?: boolean }>();
  const [typed, setTyped] = useTyped(filter.q ?? "", (q) => setFilters({ q }));
  const [open, setOpen] = useState(making);
  const titleOf = (type: string) => triggers.data?.find((x) => x.type === type)?.title ?? type;
  const filtered = Boolean(filter.q || filter.status);
  const makeButton = may ? (
    <Button look="primary" icon={<Plus aria-hidden className="size-4" />} onClick={() => setOpen(true)}>
      {t("new.button")}
    </Button>
  ) : null;
  return (
    <Page title={t("title")} actions={makeButton}>
      <search className="flex flex-wrap items-end gap-3">
        <label className="flex grow flex-col gap-1 text-sm sm:max-w-sm">
          {t("search")}
          <input
            type="search"
            className={inputClasses}
            value={typed}
            maxLength={200}
            onChange={(e) => setTyped(e.target.value)}
          />
        </label>
        <FilterSelect
          label={t("status")}
          any={t("any")}
          value={filter.status}
          options={(["draft", "live", "paused"] as const).map((value) => ({
            value,
            label: t(`common:status.${value}`),
          }))}
          onChange={(status) => setFilters({ status })}
        />
      </search>
      <QueryTable
        label={t("title")}
        query={list}
        columns={columns(t, titleOf, may)}
        rowKey={(w) => w.id}
        empty={
          <EmptyState
            icon={<WorkflowIcon aria-hidden className="size-8 text-muted" />}
            title={filtered ? t("empty.filtered") : t("empty.title")}
            text={filtered ? undefined : may ? t("empty.text") : t("whoMay")}
          >
            {filtered ? (
              <Button onClick={() => setFilters({ q: undefined, status: undefined })}>{t("empty.clear")}</Button>
            ) : (
              makeButton
            )}
          </EmptyState>
        }
      />
      {open ? <NewWorkflow onClose={() => setOpen(false)} /> : null}
    </Page>
  );
}

type Translate = ReturnType<typeof useTranslation<"workflows">>["t"];

function columns(t: Translate, titleOf: (type: string) => string, may: boolean): Column<Schema<"Workflow">>[] {
  return [
    {
      id: "name",
      title: t("column.name"),
      width: "minmax(0,2.2fr)",
      cell: (w) => (
        <>
          <Link to="/workflows/$id" params={{ id: w.id }} className="font-medium text-accent">
            {w.name}
          </Link>
          <p className="text-sm text-muted">{titleOf(w.trigger.type ?? "")}</p>
        </>
      ),
    },
    { id: "state", title: t("status"), width: "minmax(0,2fr)", cell: (w) => <State workflow={w} /> },
    { id: "last", title: t("column.lastRun"), width: "minmax(0,1.6fr)", cell: (w) => <LastRun workflow={w} /> },
    { id: "day", title: t("column.day"), width: "minmax(0,1.4fr)", cell: (w) => <Day workflow={w} /> },
    ...(may
      ? [
          {
            id: "menu",
            title: t("common:action.actions"),
            width: "4.5rem",
            cell: (w: Schema<"Workflow">) => <RowMenu workflow={w} />,
          },
        ]
      : []),
  ];
}

function LastRun({ workflow: w }: { workflow: Schema<"Workflow"> }) {
  const { t } = useTranslation("workflows");
  const last = w.activity?.last_run;
  if (!last) {
    return <span className="text-muted">{t("neverRan")}</span>;
  }
  return (
    <Link to="/runs/$id" params={{ id: last.id }} className="inline-flex flex-wrap items-center gap-2 text-text">
      <StatusBadge status={last.status} />
      <span className="text-sm">
        <Time at={last.created_at} />
      </span>
    </Link>
  );
}

function Day({ workflow: w }: { workflow: Schema<"Workflow"> }) {
  const { t } = useTranslation("workflows");
  const a = w.activity;
  if (!a) {
    return null;
  }
  return (
    <ul className="text-sm">
      <li>
        <Link to="/runs" search={{ workflow_id: w.id }} className="text-text">
          {t("runs", { count: a.runs_24h })}
        </Link>
      </li>
      {a.failures_24h > 0 ? (
        <li>
          <Link to="/runs" search={{ workflow_id: w.id, status: "failed" }} className="text-bad">
            {t("failures", { count: a.failures_24h })}
          </Link>
        </li>
      ) : null}
      {a.waiting > 0 ? (
        <li>
          <Link to="/runs" search={{ workflow_id: w.id, status: "waiting" }} className="text-text">
            {t("waiting", { count: a.waiting })}
          </Link>
        </li>
      ) : null}
    </ul>
  );
}
