import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useRef } from "react";
import { useTranslation } from "@/i18n/texts";
import { Button } from "./button";
import { classes } from "./classes";

export interface Column<Row> {
  id: string;
  title: string;
  cell: (row: Row) => ReactNode;
  /** a CSS grid width: "2fr", "8rem" */
  width?: string;
  /** leaves the column out on narrow screens; the cell then stands nowhere */
  wide?: boolean;
}

interface TableProps<Row> {
  label: string;
  rows: Row[];
  columns: Column<Row>[];
  rowKey: (row: Row) => string;
  hasMore?: boolean;
  loadingMore?: boolean;
  onMore?: () => void;
}

const rowHeight = 48; // px, before a row is measured

/**
 * A long list. Only the rows in view are in the page; on narrow screens each row becomes a block. The server sorts and
 * filters; more is loaded on demand.
 */
export function Table<Row>({ label, rows, columns, rowKey, hasMore, loadingMore, onMore }: TableProps<Row>) {
  const frame = useRef<HTMLDivElement>(null);
  const { t } = useTranslation();
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    getItemKey: (i) => rowKey(rows[i] as Row),
  });
  const template = columns.map((c) => c.width ?? "minmax(0,1fr)").join(" ");
  return (
    <div className="flex flex-col gap-2">
      <div
        ref={frame}
        tabIndex={0}
        role="group"
        aria-label={label}
        className="max-h-[70dvh] overflow-auto rounded-lg border border-line bg-surface"
      >
        <div role="table" aria-label={label} aria-rowcount={hasMore ? -1 : rows.length + 1}>
          <div role="rowgroup" className="sticky top-0 z-10 hidden border-b border-line bg-sunken md:block">
            <div
              role="row"
              aria-rowindex={1}
              className="grid gap-3 px-3 py-2 text-sm font-medium text-muted"
              style={{ gridTemplateColumns: template }}
            >
              {columns.map((c) => (
                <span role="columnheader" key={c.id}>
                  {c.title}
                </span>
              ))}
            </div>
          </div>
          <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map((item) => {
              const row = rows[item.index] as Row;
              return (
                <div
                  role="row"
                  key={item.key}
                  data-index={item.index}
                  ref={virtual.measureElement}
                  aria-rowindex={item.index + 2}
                  className="absolute inset-x-0 top-0 flex flex-col gap-1 border-b border-line px-3 py-2 hover:bg-sunken md:grid md:items-center md:gap-3"
                  style={{ transform: `translateY(${item.start}px)`, gridTemplateColumns: template }}
                >
                  {columns.map((c) => (
                    <div role="cell" key={c.id} className={classes("min-w-0 break-words", c.wide && "max-md:hidden")}>
                      {c.cell(row)}
                    </div>
                  ))}
                </div>
              );
            })}
          </div>
        </div>
      </div>
      <div className="flex items-center justify-between text-sm text-muted">
        <span>{t("table.rows", { count: rows.length })}</span>
        {hasMore && onMore ? (
          <Button small busy={loadingMore} onClick={onMore}>
            {t("action.more")}
          </Button>
        ) : (
          <span>{rows.length > 0 ? t("table.end") : null}</span>
        )}
      </div>
    </div>
  );
}
