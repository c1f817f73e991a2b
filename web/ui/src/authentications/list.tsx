import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { KeyRound, Plus } from "lucide-react";
import type { Schema } from "@/api/client";
import { authenticationTypesQuery } from "@/api/queries/authentication-types";
import { authenticationsQuery } from "@/api/queries/authentications";
import { useWorkflowNames } from "@/api/queries/workflow-names";
import { useMay } from "@/api/session";
import { addTexts, useTranslation } from "@/i18n/texts";
import { buttonClasses } from "@/kit/button";
import { Page } from "@/kit/page";
import { EmptyState, ErrorState, Skeleton } from "@/kit/state";
import { type Column, Table } from "@/kit/table";
import { Time } from "@/kit/time";
import en from "@/locales/en/authentications.json";
import { HealthBadge } from "./health";

addTexts("authentications", en);

/** All authentications: what they are, who uses them, whether they work. */
export function AuthenticationList() {
  const { t } = useTranslation("authentications");
  const may = useMay("integration_manager");
  const list = useQuery(authenticationsQuery);
  const types = useQuery(authenticationTypesQuery);
  const titleOf = (type: string) => types.data?.find((x) => x.type === type)?.title ?? type;
  const columns: Column<Schema<"Authentication">>[] = [
    {
      id: "name",
      title: t("column.name"),
      width: "minmax(0,2fr)",
      cell: (a) => (
        <Link to="/authentications/$id" params={{ id: a.id }} className="font-medium text-accent">
          {a.name}
        </Link>
      ),
    },
    { id: "type", title: t("column.type"), width: "minmax(0,1.5fr)", cell: (a) => titleOf(a.type) },
    { id: "health", title: t("column.health"), width: "11rem", cell: (a) => <HealthBadge authentication={a} /> },
    { id: "tested", title: t("column.tested"), width: "11rem", wide: true, cell: (a) => <Time at={a.tested?.at} /> },
    {
      id: "used",
      title: t("column.used"),
      width: "minmax(0,2fr)",
      cell: (a) => <UsedBy ids={a.used_by ?? []} />,
    },
  ];
  return (
    <Page
      title={t("title")}
      text={t("text")}
      actions={
        may ? (
          <Link to="/authentications/new" className={buttonClasses("primary")}>
            <Plus aria-hidden className="size-4" />
            {t("new")}
          </Link>
        ) : (
          <p className="text-sm text-muted">{t("whoMay")}</p>
        )
      }
    >
      {list.isPending ? (
        <Skeleton />
      ) : list.isError ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : list.data.length === 0 ? (
        <EmptyState
          title={t("empty.title")}
          text={may ? t("empty.text") : t("whoMay")}
          icon={<KeyRound aria-hidden className="size-8 text-muted" />}
        >
          {may ? (
            <Link to="/authentications/new" search={{ type: "bigcommerce" }} className={buttonClasses("primary")}>
              {t("empty.connect")}
            </Link>
          ) : null}
        </EmptyState>
      ) : (
        <Table label={t("title")} rows={list.data} columns={columns} rowKey={(a) => a.id} />
      )}
    </Page>
  );
}

/** The workflows that use it, each a link. */
export function UsedBy({ ids }: { ids: string[] }) {
  const { t } = useTranslation("authentications");
  const names = useWorkflowNames();
  if (ids.length === 0) {
    return <span className="text-muted">{t("unused")}</span>;
  }
  return (
    <ul className="flex flex-wrap gap-x-3">
      {ids.map((id) => (
        <li key={id}>
          <Link to="/workflows/$id" params={{ id }} className="inline-flex min-h-7 items-center text-accent">
            {names(id)}
          </Link>
        </li>
      ))}
    </ul>
  );
}
