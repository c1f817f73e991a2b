import { createContext, type RefObject, useContext, useEffect, useRef } from "react";
import { useStore } from "zustand";
import { createStore, type StoreApi } from "zustand/vanilla";

/** The two pictures of a workflow. They show the same document and have the same commands. */
export type Twin = "canvas" | "outline";

interface FocusState {
  /** the card of each twin that the Tab key reaches; the arrow keys go on from there */
  active: Record<Twin, string>;
  /** the twin that had the focus last: new cards get it there */
  last: Twin;
  /** a card that is to get the focus as soon as it is drawn */
  wanted: { twin: Twin; key: string } | null;
}

export type FocusStore = StoreApi<FocusState>;

/** Makes the memory of where the focus stands in the two twins. */
export function createFocus(): FocusStore {
  return createStore<FocusState>(() => ({
    active: { canvas: "trigger", outline: "trigger" },
    last: "canvas",
    wanted: null,
  }));
}

/** Asks for the focus on a card, also one that is not drawn yet; without a twin, in the one that had it last. */
export function wantFocus(store: FocusStore, key: string, twin: Twin = store.getState().last) {
  store.setState((s) => ({ active: { ...s.active, [twin]: key }, last: twin, wanted: { twin, key } }));
}

const Context = createContext<FocusStore | undefined>(undefined);
export const FocusProvider = Context.Provider;

/** The memory of the focus. */
export function useFocusStore(): FocusStore {
  const store = useContext(Context);
  if (!store) {
    throw new Error("There is no CommandsProvider around this.");
  }
  return store;
}

interface Focusable {
  ref: RefObject<HTMLButtonElement | null>;
  tabIndex: 0 | -1;
  "data-card": string;
}

/**
 * What a card's button needs to be one of many that arrow keys walk through: one of them takes part in the order of the Tab
 * key, and it takes the focus when it is asked for.
 */
export function useFocusable(twin: Twin, key: string): Focusable {
  const store = useFocusStore();
  const ref = useRef<HTMLButtonElement>(null);
  const active = useStore(store, (s) => s.active[twin] === key);
  const wanted = useStore(store, (s) => s.wanted?.twin === twin && s.wanted.key === key);
  useEffect(() => {
    if (wanted && ref.current) {
      store.setState({ wanted: null });
      ref.current.focus({ preventScroll: twin === "canvas" }); // the canvas moves by itself
    }
  }, [wanted, store, twin]);
  return { ref, tabIndex: active ? 0 : -1, "data-card": key };
}
