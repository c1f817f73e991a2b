import { queryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";

/** What a workflow can start from. */
export const triggersQuery = queryOptions({
  queryKey: ["triggers"],
  queryFn: async () => (await body(api.GET("/api/v1/triggers", { params: { query: { limit: 200 } } }))).items,
  staleTime: Number.POSITIVE_INFINITY,
});

/** One trigger with its merge codes. */
export const triggerQuery = (type: string) =>
  queryOptions({
    queryKey: ["trigger", type],
    queryFn: () => body(api.GET("/api/v1/triggers/{type}", { params: { path: { type } } })),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: type !== "",
  });

/** How often merge codes were filled, of one store or of all. */
export const fillQuery = (type: string, authenticationId = "") =>
  queryOptions({
    queryKey: ["fill", type, authenticationId],
    queryFn: () =>
      body(
        api.GET("/api/v1/triggers/{type}/fill", {
          params: { path: { type }, query: { authentication_id: authenticationId || undefined } },
        }),
      ),
    staleTime: 60_000,
    enabled: type !== "",
  });
