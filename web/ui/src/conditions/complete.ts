import { shapeOf } from "./operators";
import { counts, type Group, type Leaf, type Node, type RuleValue } from "./tree";

/** The type of a code, by its path and the list that the rule stands in. */
export type TypeOf = (code: string) => string;

/** What a row still lacks before it counts; undefined: nothing. */
export type Lack = "code" | "value" | "number" | "range" | "rules" | "text" | "count";

/** What a row still lacks. A row that lacks something is shown, but stands in no text. */
export function lackOf(node: Leaf, typeOf: TypeOf): Lack | undefined {
  switch (node.kind) {
    case "raw":
      return node.text.trim() === "" ? "text" : undefined;
    case "rule":
      return node.code === "" ? "code" : lackOfValue(node.operator, typeOf(node.code), node.value);
    case "sum":
      return node.code === "" ? "code" : node.value === null ? "number" : undefined;
    case "list":
      if (node.code === "") {
        return "code";
      }
      if (counts(node.quantifier) && node.count === undefined) {
        return "count";
      }
      return pruned(node.rules, typeOf).rules.length === 0 ? "rules" : undefined;
  }
}

function lackOfValue(operator: string, type: string, value: RuleValue): Lack | undefined {
  switch (shapeOf(operator, type, value)) {
    case "none":
      return undefined;
    case "range":
      return Array.isArray(value) && value.length === 2 ? undefined : "range";
    case "texts":
    case "numbers":
      return Array.isArray(value) && value.length > 0 ? undefined : "value";
    case "date":
    case "duration":
      return value === null || value === "" ? "value" : undefined;
    case "number":
      return value === null ? "number" : undefined;
    default:
      return value === null ? "value" : undefined;
  }
}

/** The tree without rows that are not finished and without groups that are empty. */
export function pruned(group: Group, typeOf: TypeOf): Group {
  const rules: Node[] = [];
  for (const node of group.rules) {
    if (node.kind === "group") {
      const inner = pruned(node, typeOf);
      if (inner.rules.length > 0) {
        rules.push(inner);
      }
    } else if (lackOf(node, typeOf) === undefined) {
      rules.push(node.kind === "list" ? { ...node, rules: pruned(node.rules, typeOf) } : node);
    }
  }
  return { ...group, rules };
}
