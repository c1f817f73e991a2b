import { useEffect, useSyncExternalStore } from "react";
import { createStore } from "zustand/vanilla";
import { basePath } from "@/boot";

/** A change that the server has told of: ids and states, never payloads. */
export interface Change {
  kind: "run" | "event" | "workflow" | "attention" | "reset";
  data: Record<string, string>;
}

type State = "live" | "paused" | "reconnecting";

/** How the stream stands, for the chip. */
export const streamState = createStore<{ state: State; paused: boolean }>(() => ({
  state: "reconnecting",
  paused: false,
}));

const topics = "runs,events,workflows,attention";
const kinds = ["run", "event", "workflow", "attention", "reset"] as const;
const listeners = new Set<(change: Change) => void>();
const channel = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("cartwheel-stream");
let source: EventSource | undefined;
let started = false;

function spread(change: Change) {
  for (const listener of listeners) {
    listener(change);
  }
}

function open() {
  source = new EventSource(`${basePath}/api/v1/stream?topics=${topics}`);
  source.onopen = () => tell("live");
  source.onerror = () => tell("reconnecting");
  for (const kind of kinds) {
    source.addEventListener(kind, (message) => {
      const change: Change = { kind, data: JSON.parse((message as MessageEvent<string>).data) };
      spread(change);
      channel?.postMessage({ change });
    });
  }
}

function tell(state: State) {
  if (!streamState.getState().paused) {
    streamState.setState({ state });
  }
  channel?.postMessage({ state });
}

/** Starts the stream. One tab holds it for all tabs of the browser: HTTP/1.1 allows six connections to a server. */
export function startStream() {
  if (started) {
    return;
  }
  started = true;
  channel?.addEventListener("message", (message: MessageEvent<{ change?: Change; state?: State }>) => {
    if (message.data.change) {
      spread(message.data.change);
    }
    if (message.data.state && !streamState.getState().paused) {
      streamState.setState({ state: message.data.state });
    }
  });
  const hold = () => {
    open();
    return new Promise<void>(() => {}); // until the tab closes
  };
  if (navigator.locks) {
    if (channel) {
      streamState.setState({ state: "live" }); // another tab may hold it; it tells when that is not so
    }
    void navigator.locks.request("cartwheel-stream", hold);
  } else {
    open();
  }
}

/** Ends the stream of this tab, before the person signs out. */
export function stopStream() {
  source?.close();
}

/** Pauses or resumes what the screens show; the stream itself stays open and resumes by itself when it breaks. */
export function pauseStream(paused: boolean) {
  streamState.setState({
    paused,
    state: paused ? "paused" : source?.readyState === EventSource.OPEN || !source ? "live" : "reconnecting",
  });
}

/** Calls listen for each change; a reset says that changes were missed and everything is to be loaded again. */
export function useChanges(listen: (change: Change) => void) {
  useEffect(() => {
    listeners.add(listen);
    return () => {
      listeners.delete(listen);
    };
  }, [listen]);
}

/** How the stream stands. */
export function useStreamState() {
  return useSyncExternalStore(streamState.subscribe, streamState.getState);
}
