import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorState, Skeleton } from "./state";
import { type Column, Table } from "./table";

interface Page<Row> {
  items: Row[];
}

interface QueryTableProps<Row> {
  label: string;
  query: UseInfiniteQueryResult<InfiniteData<Page<Row>>>;
  columns: Column<Row>[];
  rowKey: (row: Row) => string;
  /** what stands there when there is nothing */
  empty: ReactNode;
}

/** A list of the API: while it loads, when it failed (which never looks empty), when there is nothing, and its rows. */
export function QueryTable<Row>({ label, query, columns, rowKey, empty }: QueryTableProps<Row>) {
  if (query.isPending) {
    return <Skeleton />;
  }
  if (query.isError && !query.data) {
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  }
  const rows = rowsOf(query);
  if (rows.length === 0) {
    return empty;
  }
  return (
    <>
      {query.isError ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : null}
      <Table
        label={label}
        rows={rows}
        columns={columns}
        rowKey={rowKey}
        hasMore={query.hasNextPage}
        loadingMore={query.isFetchingNextPage}
        onMore={() => void query.fetchNextPage()}
      />
    </>
  );
}

/** The rows of all loaded pages. */
export function rowsOf<Row>(query: UseInfiniteQueryResult<InfiniteData<Page<Row>>>): Row[] {
  return query.data?.pages.flatMap((page) => page.items) ?? [];
}
