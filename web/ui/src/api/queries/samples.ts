import { queryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";

/** The kept samples of a trigger, newest first. */
export const samplesQuery = (trigger: string) =>
  queryOptions({
    queryKey: ["samples", trigger],
    queryFn: async () => (await body(api.GET("/api/v1/samples", { params: { query: { trigger, limit: 50 } } }))).items,
    enabled: trigger !== "",
  });
