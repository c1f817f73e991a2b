import { createStore } from "zustand/vanilla";

interface Expired {
  /** there is a request that waits for the person to sign in */
  asked: boolean;
  done(): void;
}

let waiting: { promise: Promise<void>; resolve: () => void } | undefined;

/** Whether somebody has to sign in again; the dialog of the shell shows itself by it. */
export const expired = createStore<Expired>((set) => ({
  asked: false,
  done() {
    waiting?.resolve();
    waiting = undefined;
    set({ asked: false });
  },
}));

/** Asks the person to sign in and waits until that is done, one dialog for all requests that wait. */
export function signInAgain(): Promise<void> {
  if (!waiting) {
    waiting = Promise.withResolvers<void>();
    expired.setState({ asked: true });
  }
  return waiting.promise;
}
