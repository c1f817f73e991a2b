import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import type { Change } from "@/api/stream";
import { useTranslation } from "@/i18n/texts";
import { Button } from "@/kit/button";
import { rowsOf } from "@/kit/query-table";
import { useNew } from "./use-new";

interface NewRowsProps {
  kind: "run" | "event";
  query: UseInfiniteQueryResult<InfiniteData<{ items: { id: string }[] }>>;
  fits: (change: Change) => boolean;
}

/** Offers what came in since the list was loaded. */
export function NewRows({ kind, query, fits }: NewRowsProps) {
  const { t } = useTranslation();
  const data = query.data;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rows change with the data alone
  const ids = useMemo(() => new Set(rowsOf(query).map((row) => row.id)), [data]);
  const known = useCallback((id: string) => ids.has(id), [ids]);
  const { count, reset } = useNew(kind, fits, known);
  if (count === 0) {
    return null;
  }
  return (
    <div>
      <Button
        onClick={() => {
          reset();
          void query.refetch();
        }}
      >
        {t("stream.new", { count })}
      </Button>
    </div>
  );
}
