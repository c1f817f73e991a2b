import { useCallback, useEffect, useState } from "react";
import { type Change, streamState, useChanges } from "@/api/stream";

/**
 * Counts what came in since the list was loaded, so that rows do not jump under the pointer: they wait behind a button. Paused, nothing is
 * counted. reset starts anew.
 */
export function useNew(kind: "run" | "event", fits: (change: Change) => boolean, known: (id: string) => boolean) {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const listen = useCallback(
    (change: Change) => {
      const id = change.data.id;
      if (change.kind === kind && id && !streamState.getState().paused && fits(change) && !known(id)) {
        setIds((before) => (before.has(id) || before.size >= 1000 ? before : new Set(before).add(id)));
      }
    },
    [kind, fits, known],
  );
  useChanges(listen);
  const reset = useCallback(() => setIds(new Set()), []);
  useEffect(() => {
    setIds((before) => {
      const left = [...before].filter((id) => !known(id));
      return left.length === before.size ? before : new Set(left);
    });
  }, [known]);
  return { count: ids.size, reset };
}
