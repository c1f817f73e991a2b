import type { Schema } from "@/api/client";
import { segmentsOf } from "./template-text";

/** A merge code as the picker shows it. */
export interface Code {
  /** as it stands in texts: "BigCommerce | Order | id", inside a list "item | name" */
  code: string;
  /** as it stands in conditions: "BigCommerce.Order.id", inside a list ".name" */
  path: string;
  /** integer, number, decimal, string, boolean, datetime, list, object; empty: the value's shape decides */
  type: string;
  description: string;
  personal: boolean;
  /** a value as a store sends it */
  sample: unknown;
  synonyms: string[];
  /** the heading it stands under: "Order", "Customer", an earlier step's title */
  group: string;
  /** of a list: what its elements have */
  items: Code[];
  /** of an element: the code of its list */
  list?: string;
  /** it cannot be used here, and why */
  reason?: string;
}

type Described = Schema<"MergeCode">;

/** The codes of a trigger. */
export function codesOf(described: Described[]): Code[] {
  return described.map((d) => {
    const group = (d.group || groupOf(d.code)).replaceAll("_", " ");
    return {
      ...base(d),
      group,
      items: (d.items ?? []).map((i) => itemOf(i, d.code, group)),
    };
  });
}

function base(d: Described): Omit<Code, "group" | "items"> {
  return {
    code: d.code,
    path: d.path,
    type: d.type,
    description: d.description,
    personal: d.personal,
    sample: d.sample,
    synonyms: d.synonyms ?? [],
  };
}

function itemOf(d: Described, list: string, group: string): Code {
  return { ...base(d), code: `item | ${d.code}`, path: memberPath(d.path), group, items: [], list };
}

/** ".name" or [".."]: the path of a member, from the element on. */
function memberPath(path: string): string {
  return path.startsWith("[") || path.startsWith(".") ? path : `.${path}`;
}

/** The heading of a code: its second name; the first when that is all the words say. */
function groupOf(code: string): string {
  const [root = "", second = ""] = segmentsOf(code);
  return root === "BigCommerce" && second ? second : root;
}

/** What this trigger cannot supply, each code with the reason. */
export function unavailableCodes(groups: Schema<"Unavailable">[]): Code[] {
  return groups.flatMap((g) =>
    g.codes.map((code) => ({
      code,
      path: "",
      type: "",
      description: "",
      personal: false,
      sample: undefined,
      synonyms: [],
      group: g.group.replaceAll("_", " "),
      items: [],
      reason: g.reason,
    })),
  );
}

/** What an earlier step leaves behind, as codes: "Steps | tell | status". */
export function stepCodes(step: { id: string; title: string }, outputs: Schema<"Output">[]): Code[] {
  return outputs.map((o) => ({
    code: `Steps | ${step.id} | ${o.name}`,
    path: `Steps${segmentPath(step.id)}${segmentPath(o.name)}`,
    type: o.type,
    description: o.description,
    personal: false,
    sample: undefined,
    synonyms: [],
    group: `${step.title} (${step.id})`,
    items: [],
  }));
}

/** A name in a condition's path: .name, or ["such a name"] when it is no identifier. */
export function segmentPath(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

/** The short form of a code, for chips and rows: what everything has in common is left out. */
export function shortLabel(code: string): string {
  const segments = segmentsOf(code);
  return (segments[0] === "BigCommerce" && segments.length > 1 ? segments.slice(1) : segments).join(" | ");
}

/** The codes that match what is typed, the best first. Every word must be found in one of the texts of a code. */
export function searchCodes(codes: Code[], typed: string, valueIn: (code: Code) => string): Code[] {
  const words = typed
    .toLowerCase()
    .split(/[\s|.]+/)
    .filter(Boolean);
  if (words.length === 0) {
    return codes;
  }
  const ranked = codes.flatMap((code, index) => {
    const rank = rankOf(code, words, valueIn);
    return rank === undefined ? [] : [{ code, rank, index }];
  });
  return ranked.sort((a, b) => a.rank - b.rank || a.index - b.index).map((r) => r.code);
}

function rankOf(code: Code, words: string[], valueIn: (code: Code) => string): number | undefined {
  const segments = segmentsOf(code.code.toLowerCase());
  const last = segments.at(-1) ?? "";
  const texts: [string, number][] = [
    [segments.join(" "), 2],
    [code.synonyms.join(" ").toLowerCase(), 3],
    [valueIn(code).toLowerCase(), 4],
    [code.description.toLowerCase(), 5],
  ];
  let rank = code.reason ? 100 : 0;
  for (const word of words) {
    if (last === word) {
      continue;
    }
    const found = last.startsWith(word) ? 1 : texts.find(([text]) => text.includes(word))?.[1];
    if (found === undefined) {
      return undefined;
    }
    rank += found;
  }
  return rank;
}

/** A value in one line, as it would stand in a text. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) {
    return "";
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Whether a value counts as none: a fallback would stand in for it. */
export function isEmptyValue(value: unknown): boolean {
  return (
    value === null ||
    value === undefined ||
    value === "" ||
    (Array.isArray(value) && value.length === 0) ||
    (typeof value === "object" && Object.keys(value).length === 0)
  );
}
