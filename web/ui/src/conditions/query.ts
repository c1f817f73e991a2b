import type { Group, Leaf, Node } from "./tree";

/**
 * Our tree as react-querybuilder keeps it: it arranges groups and rows (add, remove, move, copy), and a row's own content is the
 * value of its rule.
 */
export interface QueryGroup {
  id: string;
  combinator: string;
  not: boolean;
  rules: (QueryGroup | QueryRule)[];
}

export interface QueryRule {
  id: string;
  field: string;
  operator: string;
  value: Leaf;
}

/** The one field that react-querybuilder knows of: a row of ours. */
export const rowField = "row";

let last = 0;

/** A new id of a row or group, unique on this page. */
export function rowId(): string {
  last += 1;
  return `c${last}`;
}

/** A row for the query. */
export function toRow(leaf: Leaf): QueryRule {
  return { id: rowId(), field: rowField, operator: "=", value: leaf };
}

/** The query of a tree, with new ids. */
export function toQuery(group: Group): QueryGroup {
  return {
    id: rowId(),
    combinator: group.combinator,
    not: group.not,
    rules: group.rules.map((node) => (node.kind === "group" ? toQuery(node) : toRow(node))),
  };
}

/** The tree of a query. */
export function fromQuery(query: QueryGroup): Group {
  return {
    kind: "group",
    combinator: query.combinator === "or" ? "or" : "and",
    not: query.not,
    rules: query.rules.map((entry): Node => ("rules" in entry ? fromQuery(entry) : entry.value)),
  };
}

/** The ids of the rows of a query, in the order in which they are read. */
export function rowsOf(query: QueryGroup): QueryRule[] {
  return query.rules.flatMap((entry) => ("rules" in entry ? rowsOf(entry) : [entry]));
}
