import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";

export interface WorkflowFilter {
  q?: string;
  status?: "draft" | "live" | "paused";
}

/** The workflows, newest first. */
export const workflowsQuery = (filter: WorkflowFilter) =>
  infiniteQueryOptions({
    queryKey: ["workflows", filter],
    queryFn: ({ pageParam, signal }) =>
      body(
        api.GET("/api/v1/workflows", {
          params: {
            query: { limit: 50, cursor: pageParam || undefined, q: filter.q || undefined, status: filter.status },
          },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor || undefined,
  });
