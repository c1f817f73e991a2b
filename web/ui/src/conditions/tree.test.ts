import { describe, expect, it } from "vitest";
import { lackOf, pruned } from "./complete";
import { asked } from "./list-how";
import { resultsByRow, rowAt } from "./places";
import { fromQuery, rowsOf, toQuery } from "./query";
import { emptyGroup, type Group, type Leaf, type ListNode, type Rule } from "./tree";
import { takenFrom } from "./value-list";

const rule = (code: string, value: Rule["value"] = 1): Rule => ({
  kind: "rule",
  code,
  operator: "eq",
  value,
  or_missing: false,
});
const group = (combinator: Group["combinator"], ...rules: Group["rules"]): Group => ({
  ...emptyGroup(combinator),
  rules,
});
const list = (rules: Group): ListNode => ({ kind: "list", code: "L", quantifier: "any", rules });
const typeOf = () => "integer";

describe("lackOf", () => {
  it.each<[string, Leaf, string | undefined]>([
    ["a whole rule", rule("A"), undefined],
    ["no code", rule(""), "code"],
    ["no value", rule("A", null), "number"],
    ["an operator without value", { ...rule("A", null), operator: "missing" }, undefined],
    ["one bound", { ...rule("A", [1]), operator: "between" }, "range"],
    ["an empty choice", { ...rule("A", []), operator: "in" }, "value"],
    ["a blank expression", { kind: "raw", text: " \n" }, "text"],
    ["a list without rules", list(emptyGroup()), "rules"],
    ["a list with an unfinished rule", list(group("and", rule(".a", null))), "rules"],
    ["a list without count", { ...list(group("and", rule(".a"))), quantifier: "at_least" }, "count"],
    ["a sum without value", { kind: "sum", code: "L", item: ".a", operator: "ge", value: null }, "number"],
  ])("%s", (_, node, lack) => {
    expect(lackOf(node, typeOf)).toBe(lack);
  });
});

describe("pruned", () => {
  it("leaves out rows that are not finished, and groups with nothing else", () => {
    const tree = group(
      "and",
      rule("A"),
      rule("B", null),
      group("or", rule("", 1)),
      list(group("and", rule(".a"), rule(".b", null))),
    );
    expect(pruned(tree, typeOf)).toEqual(group("and", rule("A"), list(group("and", rule(".a")))));
  });
  it("keeps an empty text that was typed: it is a value", () => {
    expect(pruned(group("and", rule("A", "")), () => "string").rules).toHaveLength(1);
  });
});

describe("a tree as a query", () => {
  const tree = group(
    "or",
    rule("A"),
    { ...group("and", rule("B"), { kind: "raw", text: "x" }), not: true },
    list(group("and", rule(".a"))),
  );
  it("comes back as it was", () => {
    expect(fromQuery(toQuery(tree))).toEqual(tree);
  });
  it("gives every row an id of its own", () => {
    const ids = [...rowsOf(toQuery(tree)), ...rowsOf(toQuery(tree))].map((row) => row.id);
    expect(new Set(ids).size).toBe(8);
  });
});

describe("resultsByRow", () => {
  const result = (id: string) => ({ id, result: true, value: 1, missing: [] });
  it("passes over rows that are not finished, whatever groups the server sees", () => {
    const query = toQuery(group("and", rule("A"), rule("B", null), group("and", rule("C"))));
    const [a, b, c] = rowsOf(query).map((row) => row.id);
    const byRow = resultsByRow(query, typeOf, [result("0"), result("1")]);
    expect(byRow.get(a ?? "")?.id).toBe("0");
    expect(byRow.has(b ?? "")).toBe(false);
    expect(byRow.get(c ?? "")?.id).toBe("1");
  });
  it("says nothing rather than something wrong", () => {
    expect(resultsByRow(toQuery(group("and", rule("A"))), typeOf, [result("0"), result("1")]).size).toBe(0);
  });
});

describe("rowAt", () => {
  const query = toQuery(
    group("and", rule("A", null), rule("B"), group("or", rule("C"), list(group("and", rule(".a"))))),
  );
  const [, b, c, l] = rowsOf(query).map((row) => row.id);
  it.each([
    ["body.rules.rules[0]", b],
    ["body.rules.rules[1].rules[0].value", c],
    ["body.rules.rules[1].rules[1].rules.rules[0]", l],
    ["body.rules.rules[1]", undefined],
    ["body.rules.rules[7]", undefined],
    ["body.trigger", undefined],
  ])("%s", (location, row) => {
    expect(rowAt(query, typeOf, location)).toBe(row);
  });
});

describe("asked", () => {
  it("keeps the rules from one quantifier to another, and the list alone to anything else", () => {
    const rules = group("and", rule(".a"));
    const atLeast = asked(list(rules), "at_least", "");
    expect(atLeast).toEqual({ ...list(rules), quantifier: "at_least", count: 1 });
    expect(asked(atLeast as ListNode, "all", "")).toEqual({ ...list(rules), quantifier: "all" });
    expect(asked(list(rules), "sum", ".a")).toEqual({
      kind: "sum",
      code: "L",
      item: ".a",
      operator: "ge",
      value: null,
    });
    expect(asked(list(rules), "empty", "")).toMatchObject({ kind: "rule", code: "L", operator: "empty" });
  });
});

describe("takenFrom", () => {
  it("reads several values at once, each once", () => {
    expect(takenFrom(" US, CA ,US,", false)).toEqual({ taken: ["US", "CA"], rest: "" });
  });
  it("leaves what is no number", () => {
    expect(takenFrom("1, two, 3", true)).toEqual({ taken: [1, 3], rest: "two" });
  });
});
