import { EditorState } from "@codemirror/state";
import { describe, expect, it } from "vitest";
import { changeBetween, oneLine } from "./editor-text";
import { plainText } from "./plain-text";
import { withSuggestion } from "./template-problems";

describe("changeBetween", () => {
  it.each([
    ["a", "ab"],
    ["abc", "ac"],
    ["aa", "aaa"],
    ["", "x"],
    ["same start", "same end"],
  ])("makes %s into %s", (before, after) => {
    const change = changeBetween(before, after);
    expect(change && before.slice(0, change.from) + change.insert + before.slice(change.to)).toBe(after);
  });

  it("is none between equal texts, and small where little changed", () => {
    expect(changeBetween("a", "a")).toBeUndefined();
    expect(changeBetween("one two three", "one 2 three")).toEqual({ from: 4, to: 7, insert: "2" });
  });
});

describe("oneLine", () => {
  const state = (doc: string) => EditorState.create({ doc, extensions: oneLine });

  it("ignores Enter, and makes blanks of pasted line breaks", () => {
    const typed = state("ab").update({ changes: { from: 1, insert: "\n" }, userEvent: "input" });
    expect(typed.newDoc.toString()).toBe("ab");
    const pasted = state("ab").update({ changes: { from: 2, insert: "c\n  d\n" }, userEvent: "input.paste" });
    expect(pasted.newDoc.toString()).toBe("abc d");
  });

  it("lets one type in a text that has several lines already", () => {
    const typed = state("a\nb").update({ changes: { from: 3, insert: "c" }, userEvent: "input.type" });
    expect(typed.newDoc.toString()).toBe("a\nbc");
  });
});

describe("plainText", () => {
  it("keeps the words, the lines, the lists and the links", () => {
    const html =
      '<h1>Hi\n Anna</h1><p>two<br>lines &amp; <b>bold</b></p><ul><li>one</li><li>two</li></ul><a href="https://example.com/s">Tell us</a><style>p{}</style>';
    expect(plainText(html)).toBe("Hi Anna\n\ntwo\nlines & bold\n\n- one\n- two\n\nTell us (https://example.com/s)");
  });

  it("runs nothing", () => {
    expect(plainText('<script>document.title = "x"</script><p>a</p>')).toBe("a");
  });
});

describe("withSuggestion", () => {
  const problem = { location: "", message: "", line: 1, column: 7 };
  const id = "BigCommerce | Order | id";

  it("puts the known name in the place of the unknown one, and keeps fallback and format", () => {
    expect(withSuggestion('Hi {{ BigCommerce | Order | idd ?? "x" :: upper }}!', problem, id)).toBe(
      'Hi {{ BigCommerce | Order | id ?? "x" :: upper }}!',
    );
  });

  it("does nothing where it cannot tell", () => {
    expect(withSuggestion("Hi there", problem, id)).toBeUndefined();
    expect(withSuggestion("Hi {{ A | b }}", { ...problem, line: undefined }, id)).toBeUndefined();
    expect(withSuggestion("Hi {{ A ?? Z | b }}", { ...problem, column: 12 }, id)).toBeUndefined();
  });
});
