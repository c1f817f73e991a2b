import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

const key = "cartwheel.narrow-navigation";

function remembered(): boolean {
  try {
    return localStorage.getItem(key) !== "no";
  } catch {
    return true;
  }
}

const width = createStore<{ narrow: boolean }>(() => ({ narrow: remembered() }));

/** Whether the navigation shows its icons alone where the screen needs the place; what one chose is kept. */
export function useNarrowNavigation(): [boolean, (narrow: boolean) => void] {
  return [useStore(width, (s) => s.narrow), choose];
}

function choose(narrow: boolean): void {
  width.setState({ narrow });
  try {
    localStorage.setItem(key, narrow ? "yes" : "no");
  } catch {
    // without storage it stays until the page is left
  }
}
