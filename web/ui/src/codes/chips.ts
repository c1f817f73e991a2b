import { type Extension, RangeSetBuilder, StateEffect, StateField, type Text } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, WidgetType } from "@codemirror/view";
import { shortLabel } from "./codes";
import { readValue, segmentsOf, shownFallback, type Tag, type TagKind, tagsOf } from "./template-text";

/** What is known of the codes in a template: which have no value in the chosen event, and where something is wrong. */
export interface Marks {
  missing: ReadonlySet<string>;
  /** offsets of what the server complains about */
  wrong: readonly number[];
}

export const noMarks: Marks = { missing: new Set(), wrong: [] };

/** Tells the editor what is known of its codes. */
export const setMarks = StateEffect.define<Marks>();

export interface ChipTexts {
  /** the accessible name of a chip by what it is and what it says */
  name: (kind: TagKind, text: string, state: ChipState) => string;
  /** what a chip shows */
  short: (kind: TagKind, text: string) => string;
  /** what stands in when it is empty */
  or: (fallback: string) => string;
}

type ChipState = "ok" | "missing" | "wrong";

class Chip extends WidgetType {
  constructor(
    private readonly source: string,
    private readonly tag: Tag,
    private readonly state: ChipState,
    private readonly texts: ChipTexts,
  ) {
    super();
  }

  override eq(other: Chip): boolean {
    return other.source === this.source && other.state === this.state;
  }

  override toDOM(): HTMLElement {
    const { kind } = this.tag;
    const dom = document.createElement("span");
    dom.className = `cm-chip cm-chip-${this.state} ${kind === "value" ? "" : "cm-chip-block"}`;
    dom.setAttribute("role", "img");
    dom.setAttribute("aria-label", this.texts.name(kind, labelOf(this.tag), this.state));
    dom.title = this.source;
    dom.textContent = this.texts.short(kind, chipText(this.tag, this.texts));
    return dom;
  }

  override ignoreEvent(): boolean {
    return false;
  }
}

/** The full label of a value tag; of any other what stands in it. */
function labelOf(tag: Tag): string {
  return tag.kind === "value" || tag.kind === "each" ? readValue(tag.inside).code : tag.inside;
}

/** What a chip says: the code without its root, a plain fallback, and the names of its formats. The tooltip has it all. */
function chipText(tag: Tag, texts: ChipTexts): string {
  if (tag.kind === "each") {
    return shortLabel(readValue(tag.inside).code);
  }
  if (tag.kind !== "value") {
    return tag.inside;
  }
  const { code, fallback, formats } = readValue(tag.inside);
  const stand =
    fallback === ""
      ? ""
      : texts.or(/^(".*"|[\d.-]+)$/.test(fallback) ? `“${fallback === '""' ? "" : shownFallback(fallback)}”` : "…");
  return [shortLabel(code), stand, ...formats.map((f) => `· ${f.split(" ")[0]}`)].filter(Boolean).join(" ");
}

interface Chips {
  marks: Marks;
  tags: Tag[];
  decorations: DecorationSet;
}

/** Shows merge codes as chips that are one thing to the cursor. The text stays what it is: {{ … }}. */
export function chips(texts: ChipTexts): Extension {
  const make = (doc: Text, marks: Marks): Chips => {
    const source = doc.toString();
    const tags = tagsOf(source);
    const builder = new RangeSetBuilder<Decoration>();
    for (const tag of tags) {
      const widget = new Chip(source.slice(tag.from, tag.to), tag, stateOf(tag, marks), texts);
      builder.add(tag.from, tag.to, Decoration.replace({ widget }));
    }
    return { marks, tags, decorations: builder.finish() };
  };
  const field = StateField.define<Chips>({
    create: (state) => make(state.doc, noMarks),
    update(value, transaction) {
      const marks = transaction.effects.find((e) => e.is(setMarks))?.value as Marks | undefined;
      if (!transaction.docChanged && !marks) {
        return value;
      }
      // what was wrong somewhere is old as soon as the text moves
      const kept = transaction.docChanged ? { ...value.marks, wrong: [] } : value.marks;
      return make(transaction.newDoc, marks ?? kept);
    },
    provide: (f) => [
      EditorView.decorations.from(f, (v) => v.decorations),
      EditorView.atomicRanges.of((view) => view.state.field(f).decorations),
    ],
  });
  return [field, chipTheme];
}

/** In the text form, what is wrong is underlined. */
export const underlines: Extension = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(value, transaction) {
    const marks = transaction.effects.find((e) => e.is(setMarks))?.value as Marks | undefined;
    if (!marks) {
      return transaction.docChanged ? Decoration.none : value;
    }
    const length = transaction.newDoc.length;
    const tags = tagsOf(transaction.newDoc.toString());
    const ranges = marks.wrong.map((at) => {
      const tag = tags.find((t) => t.from <= at && at < t.to);
      const from = tag?.from ?? Math.min(at, Math.max(length - 1, 0));
      return { from, to: tag?.to ?? Math.min(from + 1, length) };
    });
    return Decoration.set(
      ranges.filter((r) => r.from < r.to).map((r) => Decoration.mark({ class: "cm-wrong" }).range(r.from, r.to)),
      true,
    );
  },
  provide: (f) => [
    EditorView.decorations.from(f),
    EditorView.theme({ ".cm-wrong": { textDecoration: "underline wavy var(--bad)" } }),
  ],
});

function stateOf(tag: Tag, marks: Marks): ChipState {
  if (marks.wrong.some((at) => tag.from <= at && at < tag.to)) {
    return "wrong";
  }
  if (tag.kind !== "value") {
    return "ok";
  }
  const { code, fallback } = readValue(tag.inside);
  return !fallback && marks.missing.has(code) && segmentsOf(code)[0] !== "Steps" ? "missing" : "ok";
}

const chipTheme = EditorView.theme({
  ".cm-chip": {
    fontFamily: "var(--font-sans, inherit)",
    fontSize: "0.92em",
    padding: "0 0.4em",
    margin: "0 1px",
    borderRadius: "0.35rem",
    backgroundColor: "var(--accent-soft)",
    color: "var(--accent-strong)",
    border: "1px solid transparent",
    cursor: "pointer",
    display: "inline-block",
    maxWidth: "100%",
    lineHeight: "1.35",
    overflow: "hidden",
    textOverflow: "ellipsis",
    whiteSpace: "nowrap",
    verticalAlign: "bottom",
  },
  ".cm-chip-block": { backgroundColor: "var(--sunken)", color: "var(--muted)" },
  ".cm-chip-missing": {
    backgroundColor: "var(--warn-soft)",
    color: "var(--warn)",
    borderColor: "var(--warn)",
    borderStyle: "dashed",
  },
  ".cm-chip-wrong": { backgroundColor: "var(--bad-soft)", color: "var(--bad)", borderColor: "var(--bad)" },
});
