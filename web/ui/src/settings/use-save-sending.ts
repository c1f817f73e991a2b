import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, body, type Schema } from "@/api/client";
import { settingsQuery } from "@/api/queries/settings";
import { sessionQuery } from "@/api/session";

type Sending = NonNullable<Schema<"Settings">["sending"]>;

/** Changes a part of what the settings say about sending. The rest is sent as it is now, not as this page has read it. */
export function useSaveSending(onSaved: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (change: Partial<Sending>) => {
      const now = await body(api.GET("/api/v1/settings"));
      const sending = { stopped: now.sending?.stopped ?? false, ...now.sending, ...change };
      return body(api.PUT("/api/v1/settings", { body: { alerts: now.alerts, time_zone: now.time_zone, sending } }));
    },
    onSuccess: (saved) => {
      client.setQueryData(settingsQuery.queryKey, saved);
      void client.invalidateQueries({ queryKey: ["overview"] });
      void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
      onSaved();
    },
  });
}
