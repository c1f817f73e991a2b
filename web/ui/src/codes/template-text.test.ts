import { describe, expect, it } from "vitest";
import {
  fallbackOf,
  loopsAt,
  offsetAt,
  printValue,
  readValue,
  segmentsOf,
  shownFallback,
  tagsOf,
} from "./template-text";

describe("tagsOf", () => {
  const kinds = (template: string) => tagsOf(template).map((t) => [t.kind, template.slice(t.from, t.to), t.inside]);

  it.each([
    ["nothing", "plain text { } }}", []],
    ["a code", "Hi {{ A | b }}!", [["value", "{{ A | b }}", "A | b"]]],
    ["no blanks", "{{A|b}}", [["value", "{{A|b}}", "A|b"]]],
    ["escaped braces", "\\{{ no }} {{ yes }}", [["value", "{{ yes }}", "yes"]]],
    ["not closed yet", "{{ A | b and {{ C }}", [["value", "{{ C }}", "C"]]],
    ["braces in quotes", '{{ A ?? "}}" }}', [["value", '{{ A ?? "}}" }}', 'A ?? "}}"']]],
    ["quotes not closed", '{{ A ?? "x }}', []],
    ["an expression with a map", "{{= {a: {b: 1}}.a }}", [["expression", "{{= {a: {b: 1}}.a }}", "{a: {b: 1}}.a"]]],
    ["single quotes only count in expressions", "{{= 'it}}s' }}", [["expression", "{{= 'it}}s' }}", "'it}}s'"]]],
    [
      "blocks",
      "{{#each L}}{{item | a}}{{/each}}{{#if x}}1{{else}}2{{/if}}",
      [
        ["each", "{{#each L}}", "L"],
        ["value", "{{item | a}}", "item | a"],
        ["endeach", "{{/each}}", ""],
        ["if", "{{#if x}}", "x"],
        ["else", "{{else}}", ""],
        ["endif", "{{/if}}", ""],
      ],
    ],
    ["a code that begins like a word", "{{ elsewhere | a }}", [["value", "{{ elsewhere | a }}", "elsewhere | a"]]],
  ])("%s", (_name, template, want) => {
    expect(kinds(template)).toEqual(want);
  });
});

describe("value tags", () => {
  it.each([
    ["A | b", { code: "A | b", fallback: "", formats: [] }],
    ['A|b ?? "there"', { code: "A | b", fallback: '"there"', formats: [] }],
    ['A ?? B | c ?? "x"', { code: "A", fallback: 'B | c ?? "x"', formats: [] }],
    [
      'A :: date "2 Jan :: 2006" "UTC" :: upper',
      { code: "A", fallback: "", formats: ['date "2 Jan :: 2006" "UTC"', "upper"] },
    ],
    ['"a | b" | c', { code: '"a | b" | c', fallback: "", formats: [] }],
  ])("reads %s", (inside, want) => {
    expect(readValue(inside)).toEqual(want);
  });

  it("prints what it has read", () => {
    for (const inside of [
      "A | b",
      'A | b ?? "there" :: upper :: truncate 4',
      "A ?? B | c ?? 5",
      '"a | b" | c :: money',
    ]) {
      const printed = printValue(readValue(inside));
      expect(readValue(tagsOf(printed)[0]?.inside ?? "")).toEqual(readValue(inside));
    }
  });

  it("knows the names of a code", () => {
    expect(segmentsOf('Webhook | "a | \\"b\\"" | c')).toEqual(["Webhook", 'a | "b"', "c"]);
  });
});

describe("fallbacks", () => {
  it.each([
    ["there", '"there"'],
    ["5.50", "5.50"],
    ['"5"', '"5"'],
    ['say "hi"', '"say \\"hi\\""'],
    ["BigCommerce | Order | id", "BigCommerce | Order | id"],
    [" ", ""],
  ])("%s is written %s", (typed, written) => {
    expect(fallbackOf(typed)).toBe(written);
  });

  it.each(["there", "5.50", '"5"', 'say "hi"', "BigCommerce | Order | id"])("%s is shown as it was typed", (typed) => {
    expect(shownFallback(fallbackOf(typed))).toBe(typed);
  });
});

it("knows the loops around a place", () => {
  const template = "a{{#each L}}b{{#each item | M}}c{{/each}}d{{/each}}e";
  const at = (letter: string) => loopsAt(template, template.indexOf(letter) + 1);
  expect(at("a{")).toEqual([]);
  expect(loopsAt(template, template.indexOf("}b") + 2)).toEqual(["L"]);
  expect(loopsAt(template, template.indexOf("}c") + 2)).toEqual(["item | M", "L"]);
  expect(loopsAt(template, template.indexOf("}d") + 2)).toEqual(["L"]);
  expect(loopsAt(template, template.length)).toEqual([]);
});

it("finds the offset of a line and a column, in characters", () => {
  expect(offsetAt("ab\ncd", 2, 2)).toBe(4);
  expect(offsetAt("😀x", 1, 2)).toBe(2);
  expect(offsetAt("ab", 9, 9)).toBe(2);
});
