import type { Diagnostic } from "@codemirror/lint";
import { Text } from "@codemirror/state";
import type { Schema } from "@/api/client";

type Problem = Pick<Schema<"Problem">, "message" | "line" | "column" | "suggestion">;

const label = /^[A-Za-z_]\w*(?:\s*\|\s*(?:"[^"]*"|[A-Za-z_]\w*))+/;
const path = /^(?:\.?[A-Za-z_]\w*|\["[^"\]]*"\])(?:\??\.[A-Za-z_]\w*|\["[^"\]]*"\])*/;
const other = /^(?:"[^"]*"?|'[^']*'?|`[^`]*`?|[\d.]+|[^\s\w])/;

/** What is to be marked for a problem: the name, text or sign that begins at its line and column (counted in characters). */
export function rangeOf(doc: Text, problem: Problem): { from: number; to: number } {
  if (!problem.line) {
    return { from: 0, to: doc.length };
  }
  const line = doc.line(Math.min(Math.max(problem.line, 1), doc.lines));
  const before = [...line.text].slice(0, Math.max(0, (problem.column ?? 1) - 1)).join("").length;
  const rest = line.text.slice(before);
  const word = (label.exec(rest) ?? path.exec(rest) ?? other.exec(rest))?.[0] ?? "";
  const from = line.from + before;
  return word
    ? { from, to: from + word.length }
    : { from: Math.max(line.from, Math.min(from, line.to) - 1), to: line.to };
}

/** The names that the server proposes instead, the nearest first. */
export function namesIn(problem: Problem): string[] {
  return problem.line && problem.suggestion ? problem.suggestion.split(/,\s+/) : [];
}

/** The text with one of the names that the server proposes in the place of the wrong one. */
export function withName(text: string, problem: Problem, name: string): string {
  const { from, to } = rangeOf(Text.of(text.split("\n")), problem);
  return text.slice(0, from) + name + text.slice(to);
}

/** A problem as a mark in the editor; a name that the server proposes can be taken with one press. */
export function diagnosticOf(doc: Text, problem: Problem): Diagnostic {
  return {
    ...rangeOf(doc, problem),
    severity: "error",
    message: problem.message,
    actions: namesIn(problem).map((name) => ({
      name,
      apply: (view, from, to) => view.dispatch({ changes: { from, to, insert: name } }),
    })),
  };
}
