import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { type Change, useChanges } from "@/api/stream";

/**
 * Marks what the server says has changed as old, so that it is asked for again where it is shown. Lists of runs and events do
 * not jump: their screens show how many are new and wait.
 */
export function LiveCache() {
  const client = useQueryClient();
  const listen = useCallback(
    (change: Change) => {
      const key = change.data.id;
      switch (change.kind) {
        case "reset":
          void client.invalidateQueries();
          break;
        case "run":
          void client.invalidateQueries({ queryKey: ["run", key] });
          break;
        case "event":
          void client.invalidateQueries({ queryKey: ["event", key] });
          break;
        case "workflow":
          void client.invalidateQueries({ queryKey: ["workflows"] });
          break;
        case "attention":
          void client.invalidateQueries({ queryKey: ["overview"] });
          void client.invalidateQueries({ queryKey: ["session"] }); // it says whether sending is stopped
          break;
      }
    },
    [client],
  );
  useChanges(listen);
  return null;
}
