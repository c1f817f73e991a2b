import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { type Diagnostic, linter } from "@codemirror/lint";
import type { Extension } from "@codemirror/state";
import { type EditorView, keymap } from "@codemirror/view";
import { useMemo, useRef } from "react";
import { completeWith } from "./completion";
import { exprLanguage } from "./expr-language";
import type { Names } from "./names";

/** Colours, completion and, when `check` is given, marks for an editor of Expr. They are made once and see the newest names. */
export function useExprExtensions(names: Names, check?: (view: EditorView) => Promise<Diagnostic[]>): Extension {
  const latest = useRef({ names, check });
  latest.current = { names, check };
  const checks = check !== undefined;
  return useMemo(
    () => [
      exprLanguage,
      autocompletion({ override: [completeWith(() => latest.current.names)], icons: false, activateOnTyping: true }),
      keymap.of(completionKeymap),
      checks ? linter((view) => latest.current.check?.(view) ?? [], { delay: 300 }) : [],
    ],
    [checks],
  );
}
