import { queryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";

/** What an administrator has set for the whole installation. */
export const settingsQuery = queryOptions({
  queryKey: ["settings"],
  queryFn: () => body(api.GET("/api/v1/settings")),
});
