import type { Extension } from "@codemirror/state";
import { Decoration, EditorView, MatchDecorator, ViewPlugin, type ViewUpdate } from "@codemirror/view";

const matcher = new MatchDecorator({
  regexp: /<!--[\s\S]*?-->|<\/?[A-Za-z][^<>]*>/g,
  decoration: (match) => Decoration.mark({ class: match[0].startsWith("<!--") ? "cm-html-comment" : "cm-html-tag" }),
});

/** Sets the tags of HTML apart from its text. */
export const htmlMarks: Extension = [
  ViewPlugin.define(
    (view) => ({
      marks: matcher.createDeco(view),
      update(update: ViewUpdate) {
        this.marks = matcher.updateDeco(update, this.marks);
      },
    }),
    { decorations: (plugin) => plugin.marks },
  ),
  EditorView.theme({
    ".cm-html-tag": { color: "var(--info)" },
    ".cm-html-comment": { color: "var(--muted)", fontStyle: "italic" },
  }),
];
