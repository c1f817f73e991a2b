import { lackOf, pruned, type TypeOf } from "./complete";
import { fromQuery, type QueryGroup, rowsOf } from "./query";
import type { RuleResult } from "./requests";

/**
 * Which row each result belongs to. The server numbers the rows of the text; here some rows may be unfinished and groups may
 * nest differently, but the rows come in the same order.
 */
export function resultsByRow(query: QueryGroup, typeOf: TypeOf, results: RuleResult[]): Map<string, RuleResult> {
  const rows = rowsOf(query).filter((row) => lackOf(row.value, typeOf) === undefined);
  if (rows.length !== results.length) {
    return new Map();
  }
  return new Map(rows.flatMap((row, i) => (results[i] ? [[row.id, results[i]]] : [])));
}

const step = /rules\[(\d+)\]/g;

/** The row that a location of POST /conditions/format names: "body.rules.rules[1].rules[0].value". */
export function rowAt(query: QueryGroup, typeOf: TypeOf, location: string): string | undefined {
  let entry: QueryGroup["rules"][number] = query;
  for (const [, index] of location.matchAll(step)) {
    if (!("rules" in entry)) {
      break; // inside of a list: its row is the place
    }
    const sent: QueryGroup["rules"] = entry.rules.filter((e) => isSent(e, typeOf));
    const next: QueryGroup["rules"][number] | undefined = sent[Number(index)];
    if (!next) {
      return undefined;
    }
    entry = next;
  }
  return "rules" in entry ? undefined : entry.id;
}

function isSent(entry: QueryGroup["rules"][number], typeOf: TypeOf): boolean {
  return "rules" in entry
    ? pruned(fromQuery(entry), typeOf).rules.length > 0
    : lackOf(entry.value, typeOf) === undefined;
}
