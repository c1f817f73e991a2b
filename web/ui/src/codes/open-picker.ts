import type { Extension } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import type { TemplatePlace } from "./preview-batch";
import { readValue, type Tag, tagsOf } from "./template-text";

/** What the picker's choice goes in place of. */
export interface Span {
  from: number;
  to: number;
  /** the tag that is changed; undefined: a new one */
  tag?: Tag;
}

/** The span at the cursor: the tag that is selected, else the selection itself. */
export function spanAtCursor(view: EditorView): Span {
  const { from, to } = view.state.selection.main;
  const tag = tagsOf(view.state.doc.toString()).find((t) => t.kind === "value" && t.from === from && t.to === to);
  return { from, to, tag };
}

/** Opens the picker: by typing {{ or, between words, a slash; by Ctrl-Space; and by a click on a chip. */
export function pickerKeys(place: TemplatePlace, open: (span: Span) => void): Extension {
  return [
    EditorView.inputHandler.of((view, from, to, text, insert) => {
      const before = view.state.sliceDoc(Math.max(0, from - 2), from);
      const opens =
        (text === "{" && before.endsWith("{") && before !== "\\{") ||
        (text === "/" && (place === "text" || place === "header") && (from === 0 || /\s$/.test(before)));
      if (!opens || from !== to) {
        return false;
      }
      view.dispatch(insert());
      open({ from: text === "{" ? from - 1 : from, to: from + 1 });
      return true;
    }),
    keymap.of([
      {
        key: "Ctrl-Space",
        mac: "Ctrl-Space",
        run(view) {
          open(spanAtCursor(view));
          return true;
        },
      },
    ]),
    EditorView.domEventHandlers({
      click(event, view) {
        const chip = (event.target as HTMLElement).closest(".cm-chip");
        if (!chip || view.state.readOnly) {
          return false;
        }
        const at = view.posAtDOM(chip);
        const tag = tagsOf(view.state.doc.toString()).find((t) => t.from <= at && at < t.to);
        if (!tag) {
          return false;
        }
        view.dispatch({ selection: { anchor: tag.from, head: tag.to } });
        if (tag.kind === "value" && readValue(tag.inside).code) {
          open({ from: tag.from, to: tag.to, tag });
        }
        return true;
      },
    }),
  ];
}
