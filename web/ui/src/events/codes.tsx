import { useQuery } from "@tanstack/react-query";
import { UserRound } from "lucide-react";
import { useMemo, useState } from "react";
import type { Schema } from "@/api/client";
import { triggerQuery } from "@/api/queries/triggers";
import "@/codes/texts";
import { useTranslation } from "@/i18n/texts";
import { CopyButton } from "@/kit/copy";
import { inputClasses } from "@/kit/field";
import { type Column, Table } from "@/kit/table";

interface Row {
  code: string;
  value: unknown;
  type: string;
  path: string;
  personal: boolean;
}

/** Every merge code of an event with the value that the store sent. */
export function Codes({ event }: { event: Schema<"EventDetail"> }) {
  const { t } = useTranslation("events");
  const [search, setSearch] = useState("");
  const trigger = useQuery(triggerQuery(event.trigger));
  const rows = useMemo((): Row[] => {
    const known = new Map((trigger.data?.merge_codes ?? []).map((c) => [c.code, c]));
    return Object.entries(event.merge_codes).map(([code, value]) => {
      const found = known.get(code);
      return {
        code,
        value,
        type: found?.type || typeOf(value),
        path: found?.path ?? "",
        personal: found?.personal ?? false,
      };
    });
  }, [event.merge_codes, trigger.data]);
  const wanted = search.trim().toLowerCase();
  const shown = wanted
    ? rows.filter((r) => r.code.toLowerCase().includes(wanted) || textOf(r.value).toLowerCase().includes(wanted))
    : rows;
  const columns: Column<Row>[] = [
    {
      id: "code",
      title: t("codes.code"),
      width: "minmax(0,3fr)",
      cell: (r) => (
        <span className="break-words">
          {r.code}
          {r.personal ? (
            <UserRound role="img" aria-label={t("codes.personal")} className="ms-1 inline size-3.5 text-muted" />
          ) : null}
        </span>
      ),
    },
    {
      id: "type",
      title: t("codes.type"),
      width: "8rem",
      wide: true,
      cell: (r) => <span className="text-sm text-muted">{r.type && t(`codes:type.${r.type}`, r.type)}</span>,
    },
    {
      id: "value",
      title: t("codes.value"),
      width: "minmax(0,4fr)",
      cell: (r) =>
        r.value === null ? (
          <span className="text-muted">{t("codes.empty")}</span>
        ) : (
          <span className="line-clamp-3 font-mono text-sm break-all">{textOf(r.value)}</span>
        ),
    },
    {
      id: "copy",
      title: t("common:action.copy"),
      width: "5.5rem",
      wide: true,
      cell: (r) => (
        <span className="flex gap-1">
          <CopyButton small text={`{{ ${r.code} }}`} label={t("codes.copyCode", { code: r.code })} />
        </span>
      ),
    },
  ];
  if (rows.length === 0) {
    return <p className="text-muted">{t("codes.none")}</p>;
  }
  return (
    <div className="flex flex-col gap-3">
      <label className="flex max-w-sm flex-col gap-1 text-sm">
        {t("codes.search")}
        <input type="search" className={inputClasses} value={search} onChange={(e) => setSearch(e.target.value)} />
      </label>
      <Table label={t("codes.title")} rows={shown} columns={columns} rowKey={(r) => r.code} />
    </div>
  );
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? "list" : value === null ? "" : typeof value;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
