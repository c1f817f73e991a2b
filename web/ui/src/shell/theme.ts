import { useEffect, useSyncExternalStore } from "react";
import { createStore } from "zustand/vanilla";
import { basePath } from "@/boot";

export type Theme = "system" | "light" | "dark";

const cookie = "cartwheel_theme";
const dark = window.matchMedia("(prefers-color-scheme: dark)");

function read(): Theme {
  const found = new RegExp(`(?:^|; )${cookie}=(light|dark)`).exec(document.cookie);
  return (found?.[1] as Theme | undefined) ?? "system";
}

const chosen = createStore<{ theme: Theme }>(() => ({ theme: read() }));

/** Writes the class that the colours hang on. The server writes it for who chose one, so that nothing flashes. */
export function applyTheme() {
  const { theme } = chosen.getState();
  document.documentElement.classList.toggle("dark", theme === "dark" || (theme === "system" && dark.matches));
}

/** The chosen appearance; it is kept in a cookie, because the server reads it. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const { theme } = useSyncExternalStore(chosen.subscribe, chosen.getState);
  useEffect(() => {
    dark.addEventListener("change", applyTheme);
    return () => dark.removeEventListener("change", applyTheme);
  }, []);
  return [
    theme,
    (next) => {
      const age = next === "system" ? 0 : 31_536_000;
      // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not everywhere
      document.cookie = `${cookie}=${next}; path=${basePath || "/"}; max-age=${age}; samesite=lax`;
      chosen.setState({ theme: next });
      applyTheme();
    },
  ];
}
