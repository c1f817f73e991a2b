import { useState } from "react";
import { type CodeValue, shownFallback } from "../template-text";

/** What is set beside the code itself. */
export interface Settings {
  fallback: string;
  format: string;
  /** below a value whose inside nobody describes */
  member: string;
  /** a list as it is, not element by element */
  whole: boolean;
}

const plain: Settings = { fallback: "", format: "", member: "", whole: false };

/** The settings of the chosen code: each code begins anew, the one that is changed with what it has. */
export function useSettings(key: string, initial?: CodeValue): [Settings, (change: Partial<Settings>) => void] {
  const [kept, keep] = useState<{ key: string; settings: Settings } | undefined>();
  const start = initial
    ? { ...plain, fallback: shownFallback(initial.fallback), format: initial.formats.join(" :: ") }
    : plain;
  const settings = kept?.key === key ? kept.settings : start;
  return [settings, (change) => keep({ key, settings: { ...settings, ...change } })];
}
