import type { Code } from "../codes";
import type { TemplatePlace } from "../preview-batch";
import { fallbackOf, printValue } from "../template-text";

export interface Choice {
  code: Code;
  /** the lists whose blocks the place stands in */
  loops: string[];
  place: TemplatePlace;
  /** as it was typed */
  fallback: string;
  /** formats as they are written, joined by " :: " */
  format: string;
  /** a member below a value whose inside nobody describes: "order.id" */
  member: string;
  /** a list as it is, not element by element */
  whole: boolean;
}

/** What a choice puts into a template. A list, or an element of one outside of its block, becomes a block. */
export function insertionOf(choice: Choice): string {
  const { code, loops, place, whole } = choice;
  if (code.type === "list" && !code.list && !whole) {
    return block(code.code, tagText(nameOf(code), choice), place);
  }
  if (code.list && !loops.includes(code.list)) {
    return block(code.list, tagText(code.code, choice), place);
  }
  return tagText(withMember(code.code, choice.member), choice);
}

function tagText(code: string, { fallback, format }: Choice): string {
  const formats = format.split(" :: ").filter((f) => f.trim() !== "");
  return printValue({ code, fallback: fallbackOf(fallback), formats });
}

function block(list: string, value: string, place: TemplatePlace): string {
  if (place === "html") {
    return `<ul>{{#each ${list}}}<li>${value}</li>{{/each}}</ul>`;
  }
  return place === "json" ? `{{ ${list} }}` : `{{#each ${list}}}${value}${place === "text" ? "\n" : ", "}{{/each}}`;
}

/** What of a list's elements names them best. */
function nameOf(list: Code): string {
  const items = list.items;
  const best = items.find((i) => i.code === "item | name") ?? items.find((i) => i.type === "string") ?? items[0];
  return best?.code ?? "item";
}

/** A code with what is below it: "Steps | tell | body" and "order.id" are "Steps | tell | body | order | id". */
export function withMember(code: string, member: string): string {
  const names = member.split(/[.|]/).map((n) => n.trim());
  return [code, ...names.filter(Boolean)].join(" | ");
}

/** The same for a condition. */
export function pathWithMember(path: string, member: string): string {
  return member
    .split(/[.|]/)
    .map((n) => n.trim())
    .filter(Boolean)
    .reduce((p, n) => p + (/^[A-Za-z_][A-Za-z0-9_]*$/.test(n) ? `.${n}` : `[${JSON.stringify(n)}]`), path);
}
