import { Text } from "@codemirror/state";
import { describe, expect, it } from "vitest";
import type { Code } from "@/codes/codes";
import { inQuotes, listAround, optionsAt } from "./completion";
import { namesIn, rangeOf, withName } from "./diagnostics";
import { labelOf, type Names, segmentsOfPath, shortLabelOf } from "./names";

const code = (path: string, items: Code[] = []): Code => ({
  code: path.replaceAll(".", " | "),
  path,
  type: items.length > 0 ? "list" : "string",
  description: "",
  personal: false,
  sample: undefined,
  synonyms: [],
  group: "",
  items,
});
const names: Names = {
  codes: [code("BigCommerce.Order.id"), code("BigCommerce.Products", [code(".sku"), code(".quantity")])],
};

describe("paths", () => {
  it("have segments, some in brackets", () => {
    expect(segmentsOfPath('BigCommerce.Order["my \\"field\\""].x')).toEqual([
      "BigCommerce",
      "Order",
      'my "field"',
      "x",
    ]);
    expect(segmentsOfPath(".sku")).toEqual(["sku"]);
  });
  it("have labels, also those that nobody lists", () => {
    expect(labelOf(names, "BigCommerce.Order.id")).toBe("BigCommerce | Order | id");
    expect(labelOf(names, "Steps.tell.body.id")).toBe("Steps | tell | body | id");
    expect(shortLabelOf("BigCommerce.Order.id")).toBe("Order | id");
    expect(shortLabelOf("Steps.tell.status")).toBe("Steps | tell | status");
  });
});

describe("listAround", () => {
  it.each([
    ["any(BigCommerce.Products, .", "BigCommerce.Products"],
    ['any(BigCommerce.Products, .sku == "(" and .', "BigCommerce.Products"],
    ["any(BigCommerce.Products, len(.", "BigCommerce.Products"],
    ["all(A.b, any(C.d, .x) and .", "A.b"],
    ['any(BigCommerce.Products, .sku == "x") and ', undefined],
    ["len(BigCommerce.Products", undefined],
    ['any(A["b c"].d, .', 'A["b c"].d'],
  ])("%s", (before, list) => {
    expect(listAround(before)).toBe(list);
  });
});

describe("completion", () => {
  const labels = (before: string, asked = false) => optionsAt(before, names, asked)?.options.map((o) => o.label);
  it("offers codes, functions and words, from where the name begins", () => {
    expect(optionsAt("a and BigCommerce.Or", names, false)?.from).toBe(6);
    expect(labels("Big")).toEqual(expect.arrayContaining(["BigCommerce.Order.id", "is_empty(", "startsWith", "nil"]));
  });
  it("offers the members of the item after a dot", () => {
    expect(labels("any(BigCommerce.Products, .q")).toEqual([".sku", ".quantity"]);
    expect(labels("count(BigCommerce.Order.id, .")).toEqual([]);
  });
  it("is quiet inside of texts, and where nothing was typed", () => {
    expect(labels('BigCommerce.Order.id == "Big')).toBeUndefined();
    expect(inQuotes('a == "x" and b')).toBe(false);
    expect(labels("")).toBeUndefined();
    expect(labels("", true)).toContain("BigCommerce.Order.id");
  });
  it("offers only members in an expression about an item", () => {
    expect(optionsAt("", { codes: [code(".sku")], list: names.codes[1] }, true)?.options.map((o) => o.label)).toEqual([
      ".sku",
    ]);
  });
});

describe("marks", () => {
  const marked = (text: string, line: number, column: number) => {
    const doc = Text.of(text.split("\n"));
    const { from, to } = rangeOf(doc, { message: "", line, column });
    return doc.sliceString(from, to);
  };
  it("cover the name, text or sign that begins there", () => {
    expect(marked("a and BigCommerce.Order.statuss == 1", 1, 7)).toBe("BigCommerce.Order.statuss");
    expect(marked("BigCommerce | Order | id == 1", 1, 1)).toBe("BigCommerce | Order | id");
    expect(marked('x\nand y == "never"', 2, 10)).toBe('"never"');
    expect(marked("a = 1", 1, 3)).toBe("=");
  });
  it("count characters, not code units", () => {
    expect(marked('"😀" == nam', 1, 8)).toBe("nam");
  });
  it("cover something at the end of the line, and everything without a place", () => {
    expect(marked("a ==", 1, 5)).toBe("=");
    const doc = Text.of(["a", "b"]);
    expect(rangeOf(doc, { message: "" })).toEqual({ from: 0, to: 3 });
    expect(rangeOf(Text.of([""]), { message: "", line: 9, column: 9 })).toEqual({ from: 0, to: 0 });
  });
  it("are replaced by one of the names that are proposed", () => {
    const problem = { message: "", line: 2, column: 1, suggestion: "A.b, A.c" };
    expect(namesIn(problem)).toEqual(["A.b", "A.c"]);
    expect(withName("x ==\nA.bb and y", problem, "A.b")).toBe("x ==\nA.b and y");
  });
});
