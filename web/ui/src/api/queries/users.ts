import { queryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";

/** The people who may sign in. */
export const usersQuery = queryOptions({
  queryKey: ["users"],
  queryFn: async () => (await body(api.GET("/api/v1/users", { params: { query: { limit: 200 } } }))).items,
});
