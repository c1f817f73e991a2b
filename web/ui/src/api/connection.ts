import { createStore } from "zustand/vanilla";
import { basePath } from "@/boot";

interface Connection {
  /** false while nobody answers */
  up: boolean;
  reached(): void;
  lost(): void;
}

const lookEvery = 3000; // ms

/** Whether the server answers. While it does not, /readyz is asked until it does. */
export const connection = createStore<Connection>((set, get) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  async function look() {
    timer = undefined;
    try {
      const response = await fetch(`${basePath}/readyz`, { cache: "no-store" });
      if (response.ok) {
        get().reached();
        return;
      }
    } catch {
      // still away: looked at again below
    }
    timer = setTimeout(look, lookEvery);
  }
  return {
    up: true,
    reached() {
      if (!get().up) {
        clearTimeout(timer);
        timer = undefined;
        set({ up: true });
      }
    },
    lost() {
      if (get().up) {
        set({ up: false });
      }
      timer ??= setTimeout(look, lookEvery);
    },
  };
});
