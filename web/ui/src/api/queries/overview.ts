import { queryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";

/** What needs a person, and how the last hours went. */
export const overviewQuery = (hours: number) =>
  queryOptions({
    queryKey: ["overview", hours],
    queryFn: () => body(api.GET("/api/v1/overview", { params: { query: { hours } } })),
    refetchInterval: 30_000,
  });
