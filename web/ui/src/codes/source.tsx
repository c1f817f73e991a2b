import { createContext, type ReactNode, useContext } from "react";
import type { Schema } from "@/api/client";

/** What previews are made of: a stored event, a kept sample, or the trigger's own built-in sample. */
export type Source =
  | { kind: "event"; id: string; label: string }
  | { kind: "sample"; id: string; label: string }
  | { kind: "builtin" };

export interface PreviewContext {
  trigger: Schema<"TriggerRef">;
  source: Source;
  /** the codes of earlier steps that a step may read: "Steps | tell | status" */
  steps: { id: string; title: string; type: string }[];
}

const Context = createContext<PreviewContext | undefined>(undefined);

/** Says for everything below which trigger and event the merge codes are of. */
export function PreviewProvider({ value, children }: { value: PreviewContext; children: ReactNode }) {
  return <Context value={value}>{children}</Context>;
}

/** Which trigger and event the merge codes here are of. */
export function usePreviewContext(): PreviewContext {
  const found = useContext(Context);
  if (!found) {
    throw new Error("There is no PreviewProvider around this.");
  }
  return found;
}

/** The member of a request that names the source. */
export function sourceBody(source: Source): { event_id?: string; sample_id?: string } {
  switch (source.kind) {
    case "event":
      return { event_id: source.id };
    case "sample":
      return { sample_id: source.id };
    case "builtin":
      return {};
  }
}
