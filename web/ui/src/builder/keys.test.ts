import { describe, expect, it } from "vitest";
import { commandOf, pageCommandOf, typesText } from "./keys";

const press = (text: string) => {
  const parts = text.split(" ");
  const key = parts.at(-1) ?? "";
  const held = (name: string) => parts.slice(0, -1).includes(name);
  return { key, ctrlKey: held("Ctrl"), metaKey: held("Meta"), altKey: held("Alt"), shiftKey: held("Shift") };
};

describe("commandOf", () => {
  it.each([
    ["a", "addAfter"],
    ["Shift A", "addBefore"],
    ["Delete", "remove"],
    ["d", "duplicate"],
    ["Enter", "edit"],
    ["Alt ArrowUp", "moveUp"],
    ["Alt ArrowDown", "moveDown"],
    ["ArrowLeft", "left"],
    ["t", "test"],
    ["o", "twin"],
    ["Shift ?", "help"],
    ["Ctrl c", undefined],
    ["Ctrl a", undefined],
    ["Alt a", undefined],
    ["Shift D", undefined],
    ["Tab", undefined],
    ["Shift Tab", undefined],
    [" ", undefined],
  ])("%s: %s", (key, command) => {
    expect(commandOf(press(key), true)).toBe(command);
  });
  it.each(["a", "Shift A", "d", "x", "t", "o", "Shift ?"])("leaves the letter %s out when letters are off", (key) => {
    expect(commandOf(press(key), false)).toBeUndefined();
  });
  it.each(["Delete", "Enter", "ArrowUp", "Alt ArrowUp"])("keeps %s when letters are off", (key) => {
    expect(commandOf(press(key), false)).toBeDefined();
  });
});

describe("pageCommandOf", () => {
  it.each([
    ["Ctrl k", "palette"],
    ["Meta k", "palette"],
    ["Ctrl z", "undo"],
    ["Ctrl Shift Z", "redo"],
    ["Ctrl y", "redo"],
    ["Ctrl c", undefined],
    ["z", undefined],
    ["Ctrl Alt z", undefined],
  ])("%s: %s", (key, command) => {
    expect(pageCommandOf(press(key))).toBe(command);
  });
});

describe("typesText", () => {
  it("is true where text is typed, so that its own undo works", () => {
    const made = (tag: string, type?: string) => Object.assign(document.createElement(tag), type ? { type } : {});
    expect([made("input", "text"), made("textarea"), made("input", "search")].map(typesText)).toEqual([
      true,
      true,
      true,
    ]);
    expect([made("input", "checkbox"), made("button"), null].map(typesText)).toEqual([false, false, false]);
  });
});
