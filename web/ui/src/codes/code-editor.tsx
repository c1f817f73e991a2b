import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { Annotation, Compartment, EditorState, type Extension } from "@codemirror/state";
import { EditorView, keymap, placeholder as placeholderOf } from "@codemirror/view";
import { useEffect, useLayoutEffect, useRef } from "react";
import { boot } from "@/boot";
import { classes } from "@/kit/classes";
import { changeBetween, oneLine } from "./editor-text";
import { editorTheme } from "./editor-theme";
import { typeOver } from "./type-over";

export interface CodeEditorProps {
  value: string;
  onChange: (value: string) => void;
  /** languages, completion, marks: kept over renders with useMemo, or the editor is configured anew each time */
  extensions?: Extension;
  /** its accessible name, or the id of the element that is its label */
  label?: string;
  labelledBy?: string;
  describedBy?: string;
  id?: string;
  invalid?: boolean;
  required?: boolean;
  /** no line breaks: pasted ones become blanks */
  singleLine?: boolean;
  readOnly?: boolean;
  placeholder?: string;
  /** prose is checked for spelling and shown in the font of the page */
  prose?: boolean;
  className?: string;
  /** the editor itself, to put the cursor or insert text; null when it goes away */
  onReady?: (view: EditorView | null) => void;
}

const fromOutside = Annotation.define<boolean>();

/**
 * A text field with CodeMirror: colours by our tokens, styles under the page's nonce, native undo of its own. Tab leaves it, as
 * it leaves every field.
 */
export function CodeEditor(props: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const given = useRef(new Compartment()).current;
  const attributes = useRef(new Compartment()).current;

  useLayoutEffect(() => {
    if (!host.current) {
      return;
    }
    const made = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          EditorView.cspNonce.of(boot.nonce),
          editorTheme,
          history(),
          typeOver,
          keymap.of([...defaultKeymap, ...historyKeymap]),
          EditorView.lineWrapping,
          EditorView.updateListener.of((update) => {
            if (update.docChanged && !update.transactions.some((t) => t.annotation(fromOutside))) {
              latest.current.onChange(update.state.doc.toString());
            }
          }),
          given.of(latest.current.extensions ?? []),
          attributes.of(attributesOf(latest.current)),
        ],
      }),
    });
    view.current = made;
    latest.current.onReady?.(made);
    return () => {
      latest.current.onReady?.(null);
      view.current = null;
      made.destroy();
    };
  }, [given, attributes]);

  useEffect(() => {
    view.current?.dispatch({ effects: given.reconfigure(props.extensions ?? []) });
  }, [props.extensions, given]);

  const { label, labelledBy, describedBy, id, invalid, required, singleLine, readOnly, placeholder, prose } = props;
  useEffect(() => {
    const next = { label, labelledBy, describedBy, id, invalid, required, singleLine, readOnly, placeholder, prose };
    view.current?.dispatch({ effects: attributes.reconfigure(attributesOf(next)) });
  }, [label, labelledBy, describedBy, id, invalid, required, singleLine, readOnly, placeholder, prose, attributes]);

  useEffect(() => {
    const change = view.current ? changeBetween(view.current.state.doc.toString(), props.value) : undefined;
    if (change) {
      view.current?.dispatch({ changes: change, annotations: fromOutside.of(true) });
    }
  }, [props.value]);

  return (
    <div
      ref={host}
      className={classes(
        "w-full overflow-hidden rounded-md border bg-surface",
        invalid ? "border-bad" : "border-line-strong",
        prose ? "font-sans" : "font-mono text-sm",
        props.className,
      )}
    />
  );
}

type Attributes = Omit<CodeEditorProps, "value" | "onChange" | "extensions" | "onReady" | "className">;

function attributesOf(props: Attributes): Extension {
  const content: Record<string, string> = {
    "aria-multiline": String(!props.singleLine),
    spellcheck: String(props.prose ?? false),
  };
  const optional: Record<string, string | undefined> = {
    id: props.id,
    "aria-label": props.label,
    "aria-labelledby": props.labelledBy,
    "aria-describedby": props.describedBy,
    "aria-invalid": props.invalid ? "true" : undefined,
    "aria-required": props.required ? "true" : undefined,
    "aria-readonly": props.readOnly ? "true" : undefined,
  };
  for (const [name, value] of Object.entries(optional)) {
    if (value) {
      content[name] = value;
    }
  }
  return [
    EditorView.contentAttributes.of(content),
    props.singleLine ? oneLine : [],
    props.readOnly ? EditorState.readOnly.of(true) : [],
    props.placeholder ? placeholderOf(props.placeholder) : [],
  ];
}
