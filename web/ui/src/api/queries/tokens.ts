import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";

/** The API tokens, newest first, those that are over included. */
export const tokensQuery = infiniteQueryOptions({
  queryKey: ["tokens"],
  queryFn: ({ pageParam }) =>
    body(api.GET("/api/v1/tokens", { params: { query: { limit: 100, cursor: pageParam || undefined } } })),
  initialPageParam: "",
  getNextPageParam: (page) => page.next_cursor || undefined,
});
