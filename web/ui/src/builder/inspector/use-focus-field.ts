import { type RefObject, useEffect } from "react";
import { useBuilder } from "../state/store";

/** What is typed or chosen in; failing that, whatever takes the focus. */
const controls = [".cm-content, input, select, textarea", "button, summary, [tabindex='0']"];

/** Puts the cursor into the field that a problem is about, once it is on the screen. */
export function useFocusField(root: RefObject<HTMLElement | null>) {
  const focus = useBuilder((s) => s.focus);
  const clear = useBuilder((s) => s.clearFocus);
  useEffect(() => {
    if (!focus || focus.target.kind === "workflow") {
      return;
    }
    // what is loaded or folded open first needs a frame
    const frame = requestAnimationFrame(() => {
      const place = root.current && fieldAt(root.current, focus.target.field);
      place?.closest("details")?.setAttribute("open", "");
      const found = controls.map((c) => place?.querySelector<HTMLElement>(c)).find(Boolean);
      const control = found ?? root.current?.querySelector<HTMLElement>("h2");
      control?.focus();
      control?.scrollIntoView({ block: "nearest" });
      clear();
    });
    return () => cancelAnimationFrame(frame);
  }, [focus, clear, root]);
}

/** The part of the form for a field; for "config.headers.X" that of "config.headers" when X has none of its own. */
export function fieldAt(root: HTMLElement, field: string): HTMLElement | undefined {
  const places = [...root.querySelectorAll<HTMLElement>("[data-location]")];
  return places
    .filter((p) => {
      const at = p.dataset.location ?? "";
      return at !== "" && (field === at || field.startsWith(`${at}.`) || field.startsWith(`${at}[`));
    })
    .sort((a, b) => (b.dataset.location?.length ?? 0) - (a.dataset.location?.length ?? 0))[0];
}
