import type { Rule, RuleValue, Scalar } from "./tree";

/** What a value is written in. */
export type ValueShape = "none" | "text" | "number" | "date" | "duration" | "texts" | "numbers" | "range";

const texts = [
  "eq",
  "ne",
  "contains",
  "not_contains",
  "starts_with",
  "not_starts_with",
  "ends_with",
  "not_ends_with",
  "matches",
  "not_matches",
  "in",
  "not_in",
];
const numbers = ["eq", "ne", "lt", "le", "gt", "ge", "between", "in", "not_in"];
const dates = ["before", "after", "within"];
const truths = ["is_true", "is_false"];
const presence = ["present", "missing", "not_empty", "empty"];

const byType: Record<string, string[]> = {
  string: [...texts, ...presence],
  integer: [...numbers, ...presence],
  number: [...numbers, ...presence],
  decimal: [...numbers, ...presence],
  datetime: [...dates, ...presence],
  boolean: [...truths, "present", "missing"],
  list: presence,
  object: presence,
};

// Without a type the value's own shape decides, so everything may be asked.
const untyped = [...texts, "lt", "le", "gt", "ge", "between", ...dates, ...truths, ...presence];

/** The operators that fit a code of this type; `keep` is one that stands there already and stays on offer. */
export function operatorsFor(type: string, keep?: string): string[] {
  const list = byType[type] ?? untyped;
  return keep && !list.includes(keep) ? [...list, keep] : list;
}

/** Operators of a sum. */
export const sumOperators = ["eq", "ne", "lt", "le", "gt", "ge"];

const bare = new Set(["is_true", "is_false", ...presence]);
const textual = /contains|starts_with|ends_with|matches/;

/** What the value of this operator on a code of this type is written in. */
export function shapeOf(operator: string, type: string, value: RuleValue): ValueShape {
  if (bare.has(operator)) {
    return "none";
  }
  if (operator === "within") {
    return "duration";
  }
  if (operator === "before" || operator === "after") {
    return "date";
  }
  if (operator === "between") {
    return "range";
  }
  const numeric = isNumeric(type) || (type === "" && typeof (Array.isArray(value) ? value[0] : value) === "number");
  if (operator === "in" || operator === "not_in") {
    return numeric ? "numbers" : "texts";
  }
  if (textual.test(operator)) {
    return "text";
  }
  return numeric ? "number" : "text";
}

/** Whether codes of this type hold numbers. */
export function isNumeric(type: string): boolean {
  return type === "integer" || type === "number" || type === "decimal";
}

/** Whether the operator says "not": then a missing value counts as no unless the rule says otherwise. */
export function isNegative(operator: string): boolean {
  return operator === "ne" || operator.startsWith("not_") ? operator !== "not_empty" : false;
}

/** Whether "or missing" makes a difference to the operator. */
export function mayBeMissing(operator: string): boolean {
  return !presence.includes(operator);
}

/** The rule with another operator; its value stays as far as it fits. */
export function withOperator(rule: Rule, operator: string, type: string): Rule {
  const before = shapeOf(rule.operator, type, rule.value);
  const after = shapeOf(operator, type, rule.value);
  return {
    ...rule,
    operator,
    value: converted(rule.value, before, after),
    or_missing: mayBeMissing(operator) && rule.or_missing,
  };
}

/** The rule with another code; what does not fit the new type goes. */
export function withCode(rule: Rule, code: string, before: string, after: string): Rule {
  const fits = operatorsFor(after).includes(rule.operator);
  const operator = fits ? rule.operator : (operatorsFor(after)[0] ?? "eq");
  const value = converted(rule.value, shapeOf(rule.operator, before, rule.value), shapeOf(operator, after, rule.value));
  return { ...rule, code, operator, value, or_missing: mayBeMissing(operator) && rule.or_missing };
}

const oneOf: Record<string, "text" | "number"> = {
  text: "text",
  texts: "text",
  number: "number",
  numbers: "number",
  range: "number",
};

function converted(value: RuleValue, before: ValueShape, after: ValueShape): RuleValue {
  if (after === "none") {
    return null;
  }
  if (before === after) {
    return value;
  }
  const first = Array.isArray(value) ? value[0] : value;
  const from = oneOf[before];
  const to = oneOf[after];
  if (first === undefined || first === null || !from || !to) {
    return null;
  }
  const scalar = cast(first, to);
  if (scalar === null) {
    return null;
  }
  if (after === "texts" || after === "numbers") {
    return Array.isArray(value) ? value.flatMap((v) => cast(v, to) ?? []) : [scalar];
  }
  return after === "range" ? null : scalar;
}

function cast(value: Scalar, to: "text" | "number"): Scalar | null {
  if (to === "text") {
    return String(value);
  }
  return typeof value === "number" ? value : numberOf(String(value));
}

const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)$/;

/** The number that a text says, or null. */
export function numberOf(text: string): number | null {
  const trimmed = text.trim();
  return decimal.test(trimmed) ? Number(trimmed) : null;
}

/** A new rule about a code. */
export function newRule(code: string, type: string): Rule {
  return { kind: "rule", code, operator: operatorsFor(type)[0] ?? "eq", value: null, or_missing: false };
}
