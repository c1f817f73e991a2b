import { queryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";

/** All authentications; without their config for who may not see it. */
export const authenticationsQuery = queryOptions({
  queryKey: ["authentications"],
  queryFn: async () => (await body(api.GET("/api/v1/authentications", { params: { query: { limit: 200 } } }))).items,
});
