import { queryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";

/** The kinds of authentication, each with the fields of its form. */
export const authenticationTypesQuery = queryOptions({
  queryKey: ["authentication-types"],
  queryFn: async () =>
    (await body(api.GET("/api/v1/authentication-types", { params: { query: { limit: 200 } } }))).items,
  staleTime: Number.POSITIVE_INFINITY,
});
