import { type ReactNode, useMemo, useRef } from "react";
import { type PreviewContext, PreviewProvider } from "@/codes/source";
import { stepsBefore } from "./model/find";
import { useBuilder } from "./state/store";
import { useTitles } from "./titles";

/** Tells everything below of which trigger, event and earlier steps the merge codes are. */
export function BuilderPreview({ children }: { children: ReactNode }) {
  const doc = useBuilder((s) => s.doc);
  const source = useBuilder((s) => s.source);
  const selection = useBuilder((s) => s.selection);
  const { title } = useTitles();
  const steps = useMemo(
    () =>
      selection.kind === "step"
        ? stepsBefore(doc, selection.id).map(({ id = "", type = "" }) => ({ id, type, title: title(type) }))
        : [],
    [doc, selection, title],
  );
  const kept = useSame(steps);
  const value = useMemo<PreviewContext>(
    () => ({ trigger: doc.trigger, source, steps: kept }),
    [doc.trigger, source, kept],
  );
  return <PreviewProvider value={value}>{children}</PreviewProvider>;
}

// The value before while the new one says the same: typing in one step does not ask for the previews of all.
function useSame<T>(value: T): T {
  const kept = useRef(value);
  if (kept.current !== value && JSON.stringify(kept.current) !== JSON.stringify(value)) {
    kept.current = value;
  }
  return kept.current;
}
