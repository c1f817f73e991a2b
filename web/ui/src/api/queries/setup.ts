import { queryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";

/** How far this installation is connected; each part was really looked at. */
export const setupQuery = queryOptions({
  queryKey: ["setup"],
  queryFn: () => body(api.GET("/api/v1/setup")),
  refetchInterval: (query) => (query.state.data?.event.done ? false : 10_000),
});
