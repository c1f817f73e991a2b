import type { Extension } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "@/i18n/texts";
import { chips, type Marks, noMarks, setMarks, underlines } from "./chips";
import { htmlMarks } from "./html-marks";
import { pickerKeys, type Span } from "./open-picker";
import type { Preview, TemplatePlace } from "./preview-batch";
import { offsetAt } from "./template-text";

interface Wanted {
  view: EditorView | null;
  value: string;
  place: TemplatePlace;
  asText: boolean;
  preview: Preview;
  onOpen: (span: Span) => void;
}

/** The chips, keys and marks of a template's editor; what the preview knows is drawn into it. */
export function useTemplateEditor({ view, value, place, asText, preview, onOpen }: Wanted): { extensions: Extension } {
  const { t } = useTranslation("codes");
  const open = useRef(onOpen);
  open.current = onOpen;
  const extensions = useMemo<Extension>(
    () => [
      asText
        ? underlines
        : [
            chips({
              name: (kind, text, state) => {
                const name = t(`chip.${kind}`, { text });
                return state === "ok" ? name : t(`chip.${state}`, { name });
              },
              short: (kind, text) => t(`chip.short.${kind}`, { text }),
              or: (fallback) => t("chip.or", { fallback }),
            }),
            pickerKeys(place, (span) => open.current(span)),
          ],
      place === "html" ? htmlMarks : [],
    ],
    [t, place, asText],
  );

  const marks = useMemo(() => marksOf(value, preview), [value, preview]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new extensions begin without marks
  useEffect(() => {
    view?.dispatch({ effects: setMarks.of(marks) });
  }, [view, marks, extensions]);
  return { extensions };
}

function marksOf(value: string, preview: Preview): Marks {
  if (!preview.codes) {
    return noMarks;
  }
  const missing = preview.codes.filter((c) => c.status === "missing" || c.status === "not_fetched").map((c) => c.code);
  const problems = preview.state === "ready" ? (preview.problems ?? []) : [];
  return { missing: new Set(missing), wrong: problems.map((p) => offsetAt(value, p.line, p.column)) };
}
