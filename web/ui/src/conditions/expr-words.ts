/** A function of conditions: its name, what goes in, and the key of its one-line text. */
export interface ExprFunction {
  name: string;
  takes: string;
}

/** The functions beside the loops. */
export const scalarFunctions: ExprFunction[] = [
  { name: "has", takes: "x" },
  { name: "is_empty", takes: "x" },
  { name: "len", takes: "x" },
  { name: "lower", takes: "text" },
  { name: "upper", takes: "text" },
  { name: "trim", takes: "text" },
  { name: "domain", takes: "address" },
  { name: "abs", takes: "number" },
  { name: "round", takes: "number, digits" },
  { name: "now", takes: "" },
  { name: "date", takes: '"2026-01-31"' },
  { name: "duration", takes: '"7d"' },
  { name: "days_since", takes: "date" },
  { name: "within", takes: 'date, "7d"' },
];

/** The functions over lists: inside of them a dot means the item. */
export const loops: ExprFunction[] = [
  { name: "any", takes: "list, test" },
  { name: "all", takes: "list, test" },
  { name: "none", takes: "list, test" },
  { name: "one", takes: "list, test" },
  { name: "count", takes: "list, test" },
  { name: "filter", takes: "list, test" },
  { name: "find", takes: "list, test" },
  { name: "map", takes: "list, value" },
  { name: "sum", takes: "list, value" },
];

/** The words of the language. */
export const words = ["and", "or", "not", "in", "contains", "startsWith", "endsWith", "matches"];

/** The values with a name. */
export const constants = ["true", "false", "nil"];
