import type { EditorView } from "@codemirror/view";
import { Bold, Heading2, Italic, Link, List, Pilcrow } from "lucide-react";
import { useTranslation } from "@/i18n/texts";
import { IconButton } from "@/kit/button";

const marks = [
  { id: "paragraph", icon: Pilcrow, before: "<p>", after: "</p>" },
  { id: "bold", icon: Bold, before: "<strong>", after: "</strong>" },
  { id: "italic", icon: Italic, before: "<em>", after: "</em>" },
  { id: "heading", icon: Heading2, before: "<h2>", after: "</h2>" },
  { id: "list", icon: List, before: "<ul>\n  <li>", after: "</li>\n</ul>" },
  { id: "link", icon: Link, before: '<a href="https://">', after: "</a>" },
] as const;

/** Below an editor of HTML: marks for who writes none. */
export function Toolbar({ view }: { view: EditorView | null }) {
  const { t } = useTranslation("codes");
  return (
    <div className="flex flex-wrap items-center gap-0.5">
      {marks.map((m) => (
        <IconButton
          key={m.id}
          label={t(`toolbar.${m.id}`)}
          className="size-7"
          onClick={() => view && wrap(view, m.before, m.after)}
        >
          <m.icon aria-hidden className="size-4" />
        </IconButton>
      ))}
    </div>
  );
}

/** Puts marks around what is selected; the cursor stands between them. */
export function wrap(view: EditorView, before: string, after: string) {
  const { from, to } = view.state.selection.main;
  const selected = view.state.sliceDoc(from, to);
  view.dispatch({
    changes: { from, to, insert: `${before}${selected}${after}` },
    selection: { anchor: from + before.length, head: from + before.length + selected.length },
    userEvent: "input",
  });
  view.focus();
}
