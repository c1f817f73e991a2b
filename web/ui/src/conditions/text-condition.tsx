import { forceLinting } from "@codemirror/lint";
import type { EditorView } from "@codemirror/view";
import { useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { Schema } from "@/api/client";
import { CodeEditor } from "@/codes/code-editor";
import { CodePicker } from "@/codes/picker/code-picker";
import type { Source } from "@/codes/source";
import { useTranslation } from "@/i18n/texts";
import { Button } from "@/kit/button";
import { diagnosticOf } from "./diagnostics";
import { useExprExtensions } from "./expr-extensions";
import type { Names } from "./names";
import { checkQuery } from "./requests";

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  trigger: Schema<"TriggerRef">;
  source: Source;
  names: Names;
  invalid: boolean;
  describedBy?: string;
  readOnly?: boolean;
  autoFocus?: boolean;
}

/** A condition as the text that is stored: Expr, with completion, and marks where the server finds something wrong. */
export function TextCondition({
  label,
  value,
  onChange,
  trigger,
  source,
  names,
  invalid,
  describedBy,
  readOnly,
  autoFocus,
}: Props) {
  const { t } = useTranslation("conditions");
  const client = useQueryClient();
  const editor = useRef<EditorView | null>(null);
  const [picking, setPicking] = useState(false);
  const extensions = useExprExtensions(names, async (view) => {
    const text = view.state.doc.toString();
    if (text.trim() === "" || readOnly) {
      return [];
    }
    try {
      const answer = await client.fetchQuery(checkQuery(text, trigger, source));
      const placed = answer.problems.filter((p) => p.line);
      return placed.map((p) => diagnosticOf(view.state.doc, p));
    } catch {
      return []; // the badge below says that the check failed, and offers to repeat it
    }
  });
  useEffect(() => {
    if (editor.current) {
      forceLinting(editor.current);
    }
  }, []);
  const insert = (path: string) => {
    setPicking(false);
    editor.current?.dispatch(editor.current.state.replaceSelection(path));
    editor.current?.focus();
  };
  return (
    <div className="flex flex-col gap-2">
      <CodeEditor
        label={label}
        value={value}
        onChange={onChange}
        extensions={extensions}
        invalid={invalid}
        describedBy={describedBy}
        readOnly={readOnly}
        placeholder={t("text.placeholder")}
        onReady={(view) => {
          editor.current = view;
          if (autoFocus) {
            view?.focus();
          }
        }}
      />
      {readOnly ? null : (
        <div className="flex flex-wrap items-center gap-2">
          <Button small icon={<Plus aria-hidden className="size-4" />} onClick={() => setPicking(true)}>
            {t("text.insert")}
          </Button>
          <span className="text-sm text-muted">{t("text.help")}</span>
        </div>
      )}
      {picking ? <CodePicker open mode="path" onClose={() => setPicking(false)} onPick={insert} /> : null}
    </div>
  );
}
