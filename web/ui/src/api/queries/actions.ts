import { queryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";

/** What a step can do, each with the fields of its form. */
export const actionsQuery = queryOptions({
  queryKey: ["actions"],
  queryFn: async () => (await body(api.GET("/api/v1/actions", { params: { query: { limit: 200 } } }))).items,
  staleTime: Number.POSITIVE_INFINITY,
});
