import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, body, type Schema } from "@/api/client";

/** One event with everything that was fetched for it and what became of it. */
export const eventQuery = (id: string) =>
  queryOptions({
    queryKey: ["event", id],
    queryFn: () => body(api.GET("/api/v1/events/{id}", { params: { path: { id } } })),
    enabled: id !== "",
    // What changes while the first answer is under way is told to nobody: a matter of moments is asked for again.
    refetchInterval: (query) => (query.state.data?.status === "accepted" ? 2_000 : false),
  });

export interface EventFilter {
  trigger?: string;
  status?: Schema<"Event">["status"];
  email?: string;
  entity?: string;
  authentication_id?: string;
  from?: string;
  to?: string;
}

/** Events, newest first. */
export const eventsQuery = (filter: EventFilter) =>
  infiniteQueryOptions({
    queryKey: ["events", filter],
    queryFn: ({ pageParam, signal }) =>
      body(
        api.GET("/api/v1/events", {
          params: { query: { ...filter, limit: 100, cursor: pageParam || undefined } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor || undefined,
    refetchOnWindowFocus: false, // new ones are offered, so that the list does not jump
    staleTime: 60_000,
  });
