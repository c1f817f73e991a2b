import { type Code, searchCodes, valueText } from "../codes";
import type { Codes } from "../use-codes";

export interface Section {
  /** a text of the area when it begins with "@", else a name */
  title: string;
  codes: Code[];
}

interface Wanted {
  typed: string;
  /** the lists around, the innermost first */
  loops: string[];
  /** elements of lists outside of their blocks, too */
  items: boolean;
  recent: string[];
}

/** How many rows are drawn; who seeks more types. */
const most = 150;

/** The sections of the picker: what is used here first, then by group; what cannot be used comes last. */
export function shownCodes(all: Codes, { typed, loops, items, recent }: Wanted): Section[] {
  const inLoops = loops.flatMap((list) => all.find(list)?.items ?? []);
  const value = (code: Code) => {
    const known = all.valueOf(code);
    return known.state === "value" ? valueText(known.value) : "";
  };
  const others = items ? all.codes.flatMap((c) => c.items).filter((i) => !loops.includes(i.list ?? "")) : [];
  if (typed.trim() !== "") {
    const found = searchCodes([...inLoops, ...all.codes, ...others, ...all.unavailable], typed, value).slice(0, most);
    return grouped(found, loops);
  }
  const lately = recent.flatMap((c) => all.find(c) ?? []);
  return [
    ...(lately.length > 0 && inLoops.length === 0 ? [{ title: "@picker.recent", codes: lately }] : []),
    ...grouped([...inLoops, ...all.codes.slice(0, most * 2), ...all.unavailable], loops),
  ];
}

/** One section for each group, in the order in which they first come. */
function grouped(codes: Code[], loops: string[]): Section[] {
  const sections = new Map<string, Section>();
  for (const code of codes) {
    const title = code.list && loops.includes(code.list) ? "@picker.inLoop" : code.group;
    const key = code.reason ? `${title} -` : title;
    const section = sections.get(key) ?? { title, codes: [] };
    section.codes.push(code);
    sections.set(key, section);
  }
  return [...sections.values()];
}

/** Tells the rows apart: the same code may stand in two sections, and an element's code says nothing of its list. */
export function keyOf(code: Code, section: string): string {
  return `${section} / ${code.list ? `${code.list} / ` : ""}${code.code}`;
}
