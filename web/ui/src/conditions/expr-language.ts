import { HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { tags } from "@lezer/highlight";
import { loops, scalarFunctions, words } from "./expr-words";

const functions = new Set([...scalarFunctions, ...loops].map((f) => f.name));
const keywords = new Set(words);

interface State {
  /** the sign that ends the text or comment around */
  until: string;
}

/** Expr, as far as its colours go: whether it is right, only the server says. */
const language = StreamLanguage.define<State>({
  name: "expr",
  startState: () => ({ until: "" }),
  token(stream, state) {
    if (state.until) {
      return inside(stream, state);
    }
    if (stream.eatSpace()) {
      return null;
    }
    if (stream.match("//")) {
      stream.skipToEnd();
      return "comment";
    }
    if (stream.match("/*")) {
      state.until = "*/";
      return inside(stream, state);
    }
    const quote = stream.match(/^["'`]/) as RegExpMatchArray | null;
    if (quote) {
      state.until = quote[0];
      return inside(stream, state);
    }
    if (stream.match(/^\d[\d_]*(\.\d+)?/)) {
      return "number";
    }
    const word = stream.match(/^[A-Za-z_][A-Za-z0-9_]*/) as RegExpMatchArray | null;
    if (word) {
      return wordStyle(word[0], stream.string.slice(0, stream.start), stream.peek() ?? "");
    }
    if (stream.match(/^(==|!=|<=|>=|&&|\|\||[<>!+\-*/%?:])/)) {
      return "operator";
    }
    stream.next();
    return null;
  },
});

type Stream = Parameters<Parameters<typeof StreamLanguage.define<State>>[0]["token"]>[0];

/** Reads on to the end of a text or a comment, over lines if need be. */
function inside(stream: Stream, state: State): string {
  const comment = state.until === "*/";
  while (!stream.eol()) {
    if (!comment && state.until !== "`" && stream.match(/^\\./)) {
      continue;
    }
    if (stream.match(state.until)) {
      state.until = "";
      break;
    }
    stream.next();
  }
  return comment ? "comment" : "string";
}

function wordStyle(word: string, before: string, next: string): string {
  if (/\.\s*$/.test(before)) {
    return "propertyName";
  }
  if (word === "true" || word === "false") {
    return "bool";
  }
  if (word === "nil") {
    return "null";
  }
  if (keywords.has(word)) {
    return "keyword";
  }
  return functions.has(word) && next === "(" ? "variableName.function" : "variableName";
}

const style = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--accent)", fontWeight: "600" },
  { tag: tags.operator, color: "var(--accent)" },
  { tag: tags.string, color: "var(--good)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--warn)" },
  { tag: tags.comment, color: "var(--muted)", fontStyle: "italic" },
  { tag: tags.function(tags.variableName), color: "var(--info)" },
]);

/** Expr with its colours. */
export const exprLanguage: Extension = [language, syntaxHighlighting(style)];
