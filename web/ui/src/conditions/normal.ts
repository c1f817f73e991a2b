import type { Schema } from "@/api/client";
import type { Group, Node, RuleValue } from "./tree";

type ApiGroup = Schema<"ConditionGroup">;

/** The tree as the API gives it, with everything in it that it may leave out. */
export function normalGroup(group: ApiGroup): Group {
  return { kind: "group", combinator: group.combinator, not: group.not ?? false, rules: group.rules.map(normalNode) };
}

function normalNode(node: ApiGroup["rules"][number]): Node {
  switch (node.kind) {
    case "group":
      return normalGroup(node);
    case "rule":
      return { ...node, value: normalValue(node.value), or_missing: node.or_missing ?? false };
    case "list":
      return { ...node, rules: normalGroup(node.rules) };
    case "sum":
      return { ...node, item: node.item ?? "", value: normalValue(node.value) };
    case "raw":
      return node;
  }
}

function normalValue(value: unknown): RuleValue {
  return value === undefined ? null : (value as RuleValue);
}
