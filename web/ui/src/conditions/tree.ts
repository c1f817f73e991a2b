/** The tree that the server reads out of a condition's text (POST /conditions/parse) and writes back (/conditions/format). */
export interface Group {
  kind: "group";
  combinator: "and" | "or";
  not: boolean;
  rules: Node[];
}

export type Scalar = string | number | boolean;
export type RuleValue = Scalar | Scalar[] | null;

/** One comparison: a merge code, what is asked of it, and with what. */
export interface Rule {
  kind: "rule";
  /** in its path form; inside of a list the item's own: ".sku" */
  code: string;
  operator: string;
  value: RuleValue;
  /** a missing value counts as yes */
  or_missing: boolean;
}

export const quantifiers = ["any", "all", "none", "at_least", "at_most", "exactly"] as const;
export type Quantifier = (typeof quantifiers)[number];

/** Rules about the items of a list, all of them about the same item. */
export interface ListNode {
  kind: "list";
  code: string;
  quantifier: Quantifier;
  count?: number;
  rules: Group;
}

/** The sum of something over the items of a list. */
export interface Sum {
  kind: "sum";
  code: string;
  item: string;
  operator: string;
  value: RuleValue;
}

/** An expression that has no visual form: its own text. */
export interface Raw {
  kind: "raw";
  text: string;
}

export type Leaf = Rule | ListNode | Sum | Raw;
export type Node = Group | Leaf;

/** A group without rules: it always holds. */
export function emptyGroup(combinator: Group["combinator"] = "and"): Group {
  return { kind: "group", combinator, not: false, rules: [] };
}

/** Whether a quantifier has a number. */
export function counts(quantifier: Quantifier): boolean {
  return quantifier === "at_least" || quantifier === "at_most" || quantifier === "exactly";
}
