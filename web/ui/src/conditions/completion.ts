import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { constants, loops, scalarFunctions, words } from "./expr-words";
import type { Names } from "./names";

const loopNames = new Set(loops.map((l) => l.name));

/** What stands before the cursor, as far as it can become a path: letters, dots, and segments in brackets. */
const started = /(?:[A-Za-z_]\w*|\.)(?:[\w.]|\["[^"\]]*"?\]?)*$/;

/** The list whose items a dot speaks of at the end of this text: the first argument of the innermost open loop. */
export function listAround(before: string): string | undefined {
  const open: number[] = [];
  for (let i = 0; i < before.length; i++) {
    const c = before[i];
    if (c === '"' || c === "'" || c === "`") {
      i = endOfText(before, i);
    } else if (c === "(") {
      open.push(i);
    } else if (c === ")") {
      open.pop();
    }
  }
  for (const at of open.reverse()) {
    const name = /([A-Za-z_]\w*)\s*$/.exec(before.slice(0, at))?.[1] ?? "";
    const list = /^\s*((?:[\w.]|\["[^"\]]*"\])+)\s*,/.exec(before.slice(at + 1))?.[1];
    if (loopNames.has(name) && list) {
      return list;
    }
  }
  return undefined;
}

function endOfText(text: string, from: number): number {
  const quote = text[from];
  for (let i = from + 1; i < text.length; i++) {
    if (text[i] === "\\" && quote !== "`") {
      i++;
    } else if (text[i] === quote) {
      return i;
    }
  }
  return text.length;
}

/** Whether the text ends inside of quotes, where nothing is completed. */
export function inQuotes(before: string): boolean {
  for (let i = 0; i < before.length; i++) {
    const c = before[i];
    if (c === '"' || c === "'" || c === "`") {
      i = endOfText(before, i);
      if (i >= before.length) {
        return !/\["[^"]*$/.test(before); // a segment in brackets is a name
      }
    }
  }
  return false;
}

/** What can stand at the end of this text, and from where on it would be replaced. */
export function optionsAt(
  before: string,
  names: Names,
  asked: boolean,
): { from: number; options: Completion[] } | undefined {
  if (inQuotes(before)) {
    return undefined;
  }
  const typed = started.exec(before)?.[0] ?? "";
  if (typed === "" && !asked) {
    return undefined;
  }
  const from = before.length - typed.length;
  if (typed.startsWith(".")) {
    const list = listAround(before.slice(0, from));
    const items = list ? names.codes.find((code) => code.path === list)?.items : names.list?.items;
    return items ? { from, options: items.map(pathOption) } : undefined;
  }
  const paths = names.codes.map(pathOption);
  const inItems = names.list ? [] : language();
  return { from, options: [...paths, ...inItems] };
}

function pathOption(code: Names["codes"][number]): Completion {
  return { label: code.path, type: "variable", detail: code.type, info: code.description || undefined };
}

function language(): Completion[] {
  return [
    ...[...scalarFunctions, ...loops].map(
      (f): Completion => ({ label: `${f.name}(`, displayLabel: f.name, type: "function", detail: `(${f.takes})` }),
    ),
    ...words.map((word): Completion => ({ label: word, type: "keyword" })),
    ...constants.map((word): Completion => ({ label: word, type: "constant" })),
  ];
}

/** The source of completions for an editor. */
export function completeWith(names: () => Names) {
  return (context: CompletionContext): CompletionResult | null => {
    const found = optionsAt(context.state.sliceDoc(0, context.pos), names(), context.explicit);
    return found ? { ...found, validFor: /^[\w.]*$/ } : null;
  };
}
