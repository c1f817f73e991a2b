import { type Names, typeAt } from "./names";
import { newRule } from "./operators";
import { emptyGroup, type Leaf } from "./tree";

/** What a row about this code starts as: rules about the items of a list, else one rule. */
export function newNode(names: Names, code: string): Leaf {
  const type = typeAt(names, code);
  return type === "list" ? { kind: "list", code, quantifier: "any", rules: emptyGroup() } : newRule(code, type);
}
