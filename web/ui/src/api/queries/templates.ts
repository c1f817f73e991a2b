import { queryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";

/** The ready-made workflows. */
export const templatesQuery = queryOptions({
  queryKey: ["templates"],
  queryFn: async () => (await body(api.GET("/api/v1/templates"))).items,
  staleTime: Number.POSITIVE_INFINITY,
});
