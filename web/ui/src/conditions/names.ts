import { type Code, shortLabel } from "@/codes/codes";

/** The merge codes that a condition may name here: the trigger's and earlier steps', or inside of a list those of its items. */
export interface Names {
  codes: Code[];
  /** the list whose items the rules are about */
  list?: Code;
}

/** The codes of a list's items, by the paths that rules inside of it have: ".sku". */
export function namesInside(list: Code | undefined): Names {
  return { codes: list?.items ?? [], list: list ?? unlisted };
}

// A list that the trigger does not name, such as a step's answer: its items may have anything.
const unlisted: Code = {
  code: "",
  path: "",
  type: "list",
  description: "",
  personal: false,
  sample: undefined,
  synonyms: [],
  group: "",
  items: [],
};

/** The code with this path; undefined: nobody lists it (a part of a step's answer, or a mistake). */
export function codeAt(names: Names, path: string): Code | undefined {
  return names.codes.find((code) => code.path === path);
}

/** The type of the code with this path; empty: the shape of its value decides. */
export function typeAt(names: Names, path: string): string {
  return codeAt(names, path)?.type ?? "";
}

const segment = /\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+)/g;

/** The segments of a path: BigCommerce.Order["my field"] has three. */
export function segmentsOfPath(path: string): string[] {
  return [...path.matchAll(segment)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? "") : quoted.replace(/\\(.)/g, "$1"),
  );
}

/** The full label of a path, as texts write it. */
export function labelOf(names: Names, path: string): string {
  return (names.list ? undefined : codeAt(names, path)?.code) ?? segmentsOfPath(path).join(" | ");
}

/** The label without its first part, which is the same almost everywhere. */
export function shortLabelOf(path: string): string {
  return shortLabel(segmentsOfPath(path).join(" | "));
}
