import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, body, type Schema } from "@/api/client";

export interface RunFilter {
  workflow_id?: string;
  status?: Schema<"Run">["status"];
  email?: string;
  entity?: string;
  event_id?: string;
  from?: string;
  to?: string;
}

/** Runs, newest first. */
export const runsQuery = (filter: RunFilter) =>
  infiniteQueryOptions({
    queryKey: ["runs", filter],
    queryFn: ({ pageParam, signal }) =>
      body(
        api.GET("/api/v1/runs", {
          params: { query: { ...filter, limit: 100, cursor: pageParam || undefined } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor || undefined,
    refetchOnWindowFocus: false, // new ones are offered, so that the list does not jump
    staleTime: 60_000,
  });

/** One run with its steps and attempts. */
export const runQuery = (id: string) =>
  queryOptions({
    queryKey: ["run", id],
    queryFn: () => body(api.GET("/api/v1/runs/{id}", { params: { path: { id } } })),
    enabled: id !== "",
    // What changes while the first answer is under way is told to nobody: a matter of moments is asked for again.
    refetchInterval: (query) => (query.state.data?.status === "running" ? 2_000 : false),
  });
