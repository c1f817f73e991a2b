/**
 * Reads templates just far enough to show them: where the tags stand and what a value tag is made of. Whether a template is
 * right, and what it prints, only the server says.
 */
export type TagKind = "value" | "expression" | "if" | "else" | "endif" | "each" | "endeach";

export interface Tag {
  kind: TagKind;
  from: number;
  to: number;
  /** what stands between the braces, without the kind's word and blanks */
  inside: string;
}

/** A value tag in its parts. Fallback and formats stand as they are written: `"there"`, `money`, `date "2 Jan"`. */
export interface CodeValue {
  code: string;
  fallback: string;
  formats: string[];
}

const words: [string, TagKind][] = [
  ["=", "expression"],
  ["#if", "if"],
  ["#each", "each"],
  ["/if", "endif"],
  ["/each", "endeach"],
  ["else", "else"],
];

/** The tags of a template in order. What is not closed is left out: it is still being typed. */
export function tagsOf(template: string): Tag[] {
  const tags: Tag[] = [];
  let at = template.indexOf("{{");
  while (at >= 0) {
    const tag = template[at - 1] === "\\" ? undefined : tagAt(template, at);
    if (tag) {
      tags.push(tag);
    }
    at = template.indexOf("{{", tag ? tag.to : at + 2);
  }
  return tags;
}

function tagAt(template: string, from: number): Tag | undefined {
  const start = from + 2 + blanksAt(template, from + 2);
  const [word, kind] = words.find(([w, k]) => startsTag(template, start, w, k)) ?? ["", "value" as const];
  const end = endOf(template, start + word.length, kind);
  if (end < 0) {
    return undefined;
  }
  return { kind, from, to: end + 2, inside: template.slice(start + word.length, end).trim() };
}

function startsTag(template: string, start: number, word: string, kind: TagKind): boolean {
  if (!template.startsWith(word, start)) {
    return false;
  }
  const rest = template.slice(start + word.length, start + word.length + 40);
  if (kind === "else") {
    return /^\s*\}\}/.test(rest);
  }
  return kind === "expression" || !/^\w/.test(rest);
}

function blanksAt(text: string, at: number): number {
  return /^\s*/.exec(text.slice(at))?.[0].length ?? 0;
}

/** Where the }} of a tag stands. In expressions braces come in pairs and all three kinds of quotes count, as on the server. */
function endOf(template: string, from: number, kind: TagKind): number {
  const expression = kind === "expression" || kind === "if";
  let depth = 0;
  for (let i = from; i < template.length; i++) {
    const c = template[i];
    if (c === '"' || (expression && (c === "'" || c === "`"))) {
      const length = quotedLength(template, i);
      if (length === 0) {
        return -1;
      }
      i += length - 1;
    } else if (c === "}" && depth > 0) {
      depth--;
    } else if (template.startsWith("}}", i)) {
      return i;
    } else if (template.startsWith("{{", i)) {
      return -1;
    } else if (c === "{" && expression) {
      depth++;
    }
  }
  return -1;
}

function quotedLength(text: string, at: number): number {
  const quote = text[at];
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === quote) {
      return i + 1 - at;
    }
    if (text[i] === "\\" && quote !== "`") {
      i++;
    }
  }
  return 0;
}

/** The parts of what stands in a value tag. Several fallbacks stay one text. */
export function readValue(inside: string): CodeValue {
  const parts = split(inside, "::");
  const [code = "", ...fallbacks] = split(parts[0] ?? "", "??");
  return {
    code: segmentsOf(code).map(quoteSegment).join(" | "),
    fallback: fallbacks.join(" ?? "),
    formats: parts.slice(1).filter(Boolean),
  };
}

/** The tag of a value: {{ BigCommerce | Order | id ?? "none" :: upper }}. */
export function printValue({ code, fallback, formats }: CodeValue): string {
  const tail = formats.map((f) => ` :: ${f}`).join("");
  return `{{ ${code}${fallback ? ` ?? ${fallback}` : ""}${tail} }}`;
}

/** Splits at a separator outside of double quotes; the parts are trimmed. */
function split(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '"') {
      i += Math.max(quotedLength(text, i), 1) - 1;
    } else if (text.startsWith(separator, i)) {
      parts.push(text.slice(start, i).trim());
      start = i + separator.length;
      i = start - 1;
    }
  }
  parts.push(text.slice(start).trim());
  return parts;
}

/** The names that a merge code consists of, without quotes. */
export function segmentsOf(code: string): string[] {
  return split(code, "|").map((s) => (s.startsWith('"') && s.length > 1 ? s.slice(1, -1).replace(/\\(.)/g, "$1") : s));
}

function quoteSegment(segment: string): string {
  const plain = segment !== "" && !/[|"{}]|\?\?|::|^[#/=]|^else$/.test(segment);
  return plain ? segment : quote(segment);
}

/** A text in double quotes as the grammar wants it. */
export function quote(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/** A fallback as people type it: a number stays one, what stands in quotes or is a merge code stays, the rest is a text. */
export function fallbackOf(typed: string): string {
  const text = typed.trim();
  if (text === "" || /^-?\d+(\.\d+)?$/.test(text) || /^"(?:[^"\\]|\\.)*"$/.test(text) || /^\w+ \| /.test(text)) {
    return text;
  }
  return quote(text);
}

/** The other way round: a plain text without its quotes. */
export function shownFallback(fallback: string): string {
  const inner = /^"((?:[^"\\]|\\.)*)"$/.exec(fallback)?.[1]?.replace(/\\(.)/g, "$1");
  return inner !== undefined && fallbackOf(inner) === fallback ? inner : fallback;
}

/** The lists whose {{#each}} blocks the offset stands in, the innermost first. */
export function loopsAt(template: string, offset: number): string[] {
  const open: string[] = [];
  for (const tag of tagsOf(template)) {
    if (tag.from >= offset) {
      break;
    }
    if (tag.kind === "each") {
      open.unshift(readValue(tag.inside).code);
    } else if (tag.kind === "endeach") {
      open.shift();
    }
  }
  return open;
}

/** The offset of a line and a column as the server counts them: from 1, columns in characters. */
export function offsetAt(text: string, line = 1, column = 1): number {
  const lines = text.split("\n");
  const before = lines.slice(0, line - 1).reduce((n, l) => n + l.length + 1, 0);
  const inLine = [...(lines[line - 1] ?? "")].slice(0, column - 1).join("").length;
  return Math.min(before + inLine, text.length);
}
