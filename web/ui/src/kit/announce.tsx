import { useSyncExternalStore } from "react";
import { createStore } from "zustand/vanilla";

const spoken = createStore<{ text: string; count: number }>(() => ({ text: "", count: 0 }));

/** Says something to screen readers: an edit, an undo, a save, a result. */
export function announce(text: string) {
  spoken.setState((s) => ({ text, count: s.count + 1 }));
}

/** The one live region of the app. */
export function Announcer() {
  const { text, count } = useSyncExternalStore(spoken.subscribe, spoken.getState);
  return (
    <div aria-live="polite" aria-atomic="true" className="sr-only" data-testid="announcer">
      {/* the same text twice is said twice */}
      {text}
      {count % 2 ? "\u00a0" : ""}
    </div>
  );
}
