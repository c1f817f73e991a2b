import { describe, expect, it } from "vitest";
import {
  isNegative,
  mayBeMissing,
  newRule,
  numberOf,
  operatorsFor,
  shapeOf,
  withCode,
  withOperator,
} from "./operators";
import type { Rule } from "./tree";

const rule = (change: Partial<Rule>): Rule => ({
  kind: "rule",
  code: "BigCommerce.Order.x",
  operator: "eq",
  value: null,
  or_missing: false,
  ...change,
});

describe("operatorsFor", () => {
  it("offers what fits the type, and keeps what stands there", () => {
    expect(operatorsFor("decimal")).toContain("between");
    expect(operatorsFor("decimal")).not.toContain("contains");
    expect(operatorsFor("string")).not.toContain("between");
    expect(operatorsFor("boolean")).toEqual(["is_true", "is_false", "present", "missing"]);
    expect(operatorsFor("datetime", "eq").at(-1)).toBe("eq");
    expect(operatorsFor("")).toEqual(expect.arrayContaining(["contains", "between", "before", "is_true"]));
  });
});

describe("shapeOf", () => {
  it.each([
    ["eq", "integer", null, "number"],
    ["eq", "string", null, "text"],
    ["eq", "", 200, "number"],
    ["eq", "", "200", "text"],
    ["in", "integer", null, "numbers"],
    ["in", "string", null, "texts"],
    ["in", "", [1, 2], "numbers"],
    ["between", "decimal", null, "range"],
    ["before", "datetime", null, "date"],
    ["within", "datetime", null, "duration"],
    ["contains", "", 5, "text"],
    ["missing", "integer", null, "none"],
    ["is_true", "boolean", null, "none"],
  ] as const)("%s on %s with %j is %s", (operator, type, value, shape) => {
    expect(shapeOf(operator, type, value as never)).toBe(shape);
  });
});

describe("a negative operator", () => {
  it("is one that a missing value would not meet", () => {
    expect(["ne", "not_in", "not_contains", "not_matches"].filter(isNegative)).toHaveLength(4);
    expect(["eq", "not_empty", "missing", "lt"].filter(isNegative)).toEqual([]);
    expect(mayBeMissing("ne")).toBe(true);
    expect(mayBeMissing("present")).toBe(false);
  });
});

describe("withOperator", () => {
  it("keeps a value that fits, makes a list of one, and drops what does not fit", () => {
    expect(withOperator(rule({ value: "US" }), "contains", "string").value).toBe("US");
    expect(withOperator(rule({ value: "US" }), "in", "string").value).toEqual(["US"]);
    expect(withOperator(rule({ operator: "in", value: ["US", "CA"] }), "not_in", "string").value).toEqual(["US", "CA"]);
    expect(withOperator(rule({ operator: "in", value: ["US", "CA"] }), "ne", "string").value).toBe("US");
    expect(withOperator(rule({ value: 5 }), "between", "integer").value).toBeNull();
    expect(withOperator(rule({ value: "US" }), "missing", "string").value).toBeNull();
  });
  it("does not carry 'or missing' to an operator that asks just that", () => {
    expect(withOperator(rule({ operator: "ne", or_missing: true }), "present", "string").or_missing).toBe(false);
    expect(withOperator(rule({ operator: "ne", or_missing: true }), "not_in", "string").or_missing).toBe(true);
  });
});

describe("withCode", () => {
  it("keeps operator and value where both types have them", () => {
    expect(withCode(rule({ operator: "gt", value: 5 }), "b", "integer", "decimal")).toMatchObject({
      code: "b",
      operator: "gt",
      value: 5,
    });
  });
  it("takes the first operator of a type that has not the old one", () => {
    expect(withCode(rule({ operator: "contains", value: "x" }), "b", "string", "datetime")).toMatchObject({
      operator: "before",
      value: null,
    });
  });
  it("reads a text that is a number", () => {
    expect(withCode(rule({ value: "12.5" }), "b", "string", "decimal").value).toBe(12.5);
    expect(withCode(rule({ value: "twelve" }), "b", "string", "decimal").value).toBeNull();
  });
});

it("a new rule has an operator and no value yet", () => {
  expect(newRule("a", "boolean")).toMatchObject({ operator: "is_true", value: null });
});

it.each([
  ["12", 12],
  [" -3.50 ", -3.5],
  [".5", 0.5],
  ["1e3", null],
  ["0x10", null],
  ["", null],
  ["1,5", null],
])("numberOf(%j) is %j", (text, number) => {
  expect(numberOf(text)).toBe(number);
});
