import { deleteCharBackward } from "@codemirror/commands";
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { afterEach, describe, expect, it, vi } from "vitest";
import { chips, setMarks, underlines } from "./chips";
import { pickerKeys, type Span, spanAtCursor } from "./open-picker";
import type { TemplatePlace } from "./preview-batch";

const texts = {
  name: (kind: string, text: string, state: string) => `${kind} ${text} ${state}`,
  short: (_kind: string, text: string) => text,
  or: (fallback: string) => `or ${fallback}`,
};

let view: EditorView;
afterEach(() => view.destroy());

function edit(doc: string, at: number, more: Parameters<typeof EditorState.create>[0] = {}) {
  view = new EditorView({
    parent: document.body,
    state: EditorState.create({ doc, selection: { anchor: at }, extensions: chips(texts), ...more }),
  });
  return view;
}

const drawn = () => [...view.dom.querySelectorAll(".cm-chip")];

describe("chips", () => {
  it("show the short form, and say the whole one", () => {
    edit('Hi {{ BigCommerce | Customer | first_name ?? "there" :: title }}', 0);
    const [chip] = drawn();
    expect(chip?.textContent).toBe("Customer | first_name or “there” · title");
    expect(chip?.getAttribute("aria-label")).toBe("value BigCommerce | Customer | first_name ok");
    expect(chip?.getAttribute("title")).toBe('{{ BigCommerce | Customer | first_name ?? "there" :: title }}');
  });

  it("are one thing to the cursor: backspace takes all of it", () => {
    edit("a{{ B | c }}d", 12);
    deleteCharBackward(view);
    expect(view.state.doc.toString()).toBe("ad");
  });

  it("turn amber without a value, but not with a fallback, and not for an earlier step", () => {
    edit('{{ A }}{{ A ?? "x" }}{{ Steps | tell | status }}', 0);
    view.dispatch({ effects: setMarks.of({ missing: new Set(["A", "Steps | tell | status"]), wrong: [] }) });
    expect(drawn().map((c) => c.className.includes("missing"))).toEqual([true, false, false]);
  });

  it("turn red where something is wrong, until the text changes", () => {
    edit("{{ A }} {{ B }}", 0);
    view.dispatch({ effects: setMarks.of({ missing: new Set(), wrong: [11] }) });
    expect(drawn().map((c) => c.className.includes("wrong"))).toEqual([false, true]);
    view.dispatch({ changes: { from: 0, insert: "x" } });
    expect(drawn().some((c) => c.className.includes("wrong"))).toBe(false);
  });

  it("leave what is not closed as it is typed", () => {
    edit("{{ A | ", 0);
    expect(drawn()).toHaveLength(0);
  });
});

it("underlines what is wrong in the text form", () => {
  edit("{{ A }} {{ B }}", 0, { extensions: underlines });
  view.dispatch({ effects: setMarks.of({ missing: new Set(), wrong: [11] }) });
  expect(view.dom.querySelector(".cm-wrong")?.textContent).toBe("{{ B }}");
});

describe("the picker opens", () => {
  const open = vi.fn<(span: Span) => void>();
  afterEach(() => open.mockClear());

  function type(doc: string, text: string, place: TemplatePlace = "text") {
    edit(doc, doc.length, { extensions: [chips(texts), pickerKeys(place, open)] });
    const [handler] = view.state.facet(EditorView.inputHandler);
    const at = doc.length;
    const plain = () =>
      view.state.update({ changes: { from: at, insert: text }, selection: { anchor: at + text.length } });
    return handler?.(view, at, at, text, plain);
  }

  it.each([
    ["a second brace", "Hi {", "{", "text", { from: 3, to: 5 }],
    ["a slash between words", "Hi ", "/", "header", { from: 3, to: 4 }],
    ["a slash at the beginning", "", "/", "text", { from: 0, to: 1 }],
  ] as const)("for %s, and takes its place", (_name, doc, text, place, span) => {
    expect(type(doc, text, place)).toBe(true);
    expect(open).toHaveBeenCalledWith(span);
    expect(view.state.doc.toString()).toBe(doc + text);
  });

  it.each([
    ["a first brace", "Hi ", "{", "text"],
    ["braces that are meant as such", "Hi \\{", "{", "text"],
    ["a slash in a word", "and", "/", "text"],
    ["a slash in HTML", "<p> ", "/", "html"],
    ["a slash in a URL", "https: ", "/", "url"],
  ] as const)("not for %s", (_name, doc, text, place) => {
    expect(type(doc, text, place)).toBe(false);
    expect(open).not.toHaveBeenCalled();
  });

  it("with the chip that is selected, to change it", () => {
    edit("a{{ B }}", 0);
    view.dispatch({ selection: { anchor: 1, head: 8 } });
    expect(spanAtCursor(view)).toMatchObject({ from: 1, to: 8, tag: { inside: "B" } });
    view.dispatch({ selection: { anchor: 1 } });
    expect(spanAtCursor(view)).toEqual({ from: 1, to: 1, tag: undefined });
  });
});
