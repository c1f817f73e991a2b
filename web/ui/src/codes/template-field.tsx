import type { EditorView } from "@codemirror/view";
import { Braces } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import type { Problem } from "@/builder/model/definition";
import { useTranslation } from "@/i18n/texts";
import { announce } from "@/kit/announce";
import { IconButton } from "@/kit/button";
import { CodeEditor } from "./code-editor";
import { shortLabel } from "./codes";
import { type Span, spanAtCursor } from "./open-picker";
import { CodePicker } from "./picker/code-picker";
import { type TemplatePlace, usePreview } from "./preview-batch";
import { Advice, PreviewLine } from "./preview-line";
import { Starters } from "./starters";
import { TemplateProblems } from "./template-problems";
import { loopsAt, readValue, tagsOf } from "./template-text";
import "./texts";
import { Toolbar } from "./toolbar";
import { useTemplateEditor } from "./use-template-editor";

export interface TemplateFieldProps {
  label: ReactNode;
  value: string;
  onChange: (value: string) => void;
  /** where the output lands, and so how values are escaped */
  place: TemplatePlace;
  /** names the field among all of the step; the server's problems stand at it */
  location: string;
  errors?: readonly Problem[];
  /** what is not wrong but may turn out badly */
  advice?: readonly Problem[];
  help?: ReactNode;
  required?: boolean;
  multiline?: boolean;
  readOnly?: boolean;
  placeholder?: string;
  /** the label is read out, not drawn: a table says it already */
  hideLabel?: boolean;
}

/** A text with merge codes: chips in it, a picker to put them there, and below what it prints for the chosen event. */
export function TemplateField(props: TemplateFieldProps) {
  const {
    label,
    value,
    onChange,
    place,
    location,
    errors = [],
    advice = [],
    help,
    required,
    multiline,
    readOnly,
    hideLabel,
  } = props;
  const id = useId();
  const { t } = useTranslation("codes");
  const [view, setView] = useState<EditorView | null>(null);
  const [asText, setAsText] = useState(false);
  const [span, setSpan] = useState<Span | undefined>();
  const hasCodes = value.includes("{{");
  const preview = usePreview(location, hasCodes ? value : "", place);
  const { extensions } = useTemplateEditor({ view, value, place, asText, preview, onOpen: setSpan });
  const problems = problemsOf(errors, preview);
  const invalid = problems.length > 0;

  function insert(text: string) {
    if (view && span) {
      view.dispatch({
        changes: { from: span.from, to: span.to, insert: text },
        selection: { anchor: span.from + text.length },
        userEvent: "input.complete",
      });
      announce(t("field.inserted", { code: shortLabel(tagsOf(text)[0]?.inside ?? text) }));
    }
    setSpan(undefined);
    setTimeout(() => view?.focus()); // after the dialog has given the focus back
  }

  const tools = (
    <>
      {hasCodes && !hideLabel ? (
        <button
          type="button"
          aria-pressed={asText}
          className="min-h-7 rounded px-1.5 text-sm text-muted hover:underline"
          onClick={() => setAsText(!asText)}
        >
          {t("field.asText")}
        </button>
      ) : null}
      {readOnly ? null : (
        <IconButton label={t("field.insert")} className="shrink-0" onClick={() => view && setSpan(spanAtCursor(view))}>
          <Braces aria-hidden className="size-4" />
        </IconButton>
      )}
    </>
  );

  return (
    <div className="flex min-w-0 flex-col gap-1" data-location={location}>
      <div className="flex flex-wrap items-center gap-x-1">
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: as the click on a label; the keyboard reaches the editor itself */}
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the same */}
        <span
          id={`${id}-label`}
          className={hideLabel ? "sr-only" : "me-auto font-medium"}
          onClick={() => view?.focus()}
        >
          {label}
          {required ? (
            <span className="text-sm font-normal text-muted"> ({t("form.required", { ns: "common" })})</span>
          ) : null}
        </span>
        {hideLabel ? null : tools}
      </div>
      {help && !hideLabel ? (
        <p id={`${id}-help`} className="text-sm text-muted">
          {help}
        </p>
      ) : null}
      <div className="flex items-start gap-1">
        <CodeEditor
          value={value}
          onChange={onChange}
          extensions={extensions}
          labelledBy={`${id}-label`}
          describedBy={[help && !hideLabel ? `${id}-help` : "", invalid ? `${id}-error` : "", `${id}-hint`]
            .filter(Boolean)
            .join(" ")}
          invalid={invalid}
          required={required}
          singleLine={!multiline}
          readOnly={readOnly}
          placeholder={props.placeholder}
          prose={!asText && place !== "json" && place !== "url"}
          className={multiline ? "[&_.cm-content]:min-h-24" : undefined}
          onReady={setView}
        />
        {hideLabel ? tools : null}
      </div>
      <span id={`${id}-hint`} className="sr-only">
        {t("field.hint")}
      </span>
      {place === "html" && !readOnly ? <Toolbar view={view} /> : null}
      {place === "html" && !readOnly && value === "" ? <Starters onPick={onChange} /> : null}
      <PreviewLine preview={preview} source={value} place={place} />
      <TemplateProblems
        id={`${id}-error`}
        problems={problems}
        value={value}
        onChange={readOnly ? undefined : onChange}
      />
      {advice.map((a) => (
        <Advice key={a.message}>{a.message}</Advice>
      ))}
      {span ? (
        <CodePicker
          open
          onClose={() => setSpan(undefined)}
          mode="template"
          place={place}
          loops={loopsAt(value, span.from)}
          initial={span.tag ? readValue(span.tag.inside) : undefined}
          onPick={insert}
        />
      ) : null}
    </div>
  );
}

/** What is wrong with the text as it stands now: the preview knows it first, the last save knows the rest. */
function problemsOf(errors: readonly Problem[], preview: ReturnType<typeof usePreview>): Problem[] {
  if (preview.state !== "ready" || !preview.problems) {
    return [...errors];
  }
  const saved = errors.filter((e) => e.line === undefined); // those with a line are about the text: the preview has them anew
  const known = new Set(saved.map((e) => e.message));
  return [...saved, ...preview.problems.filter((p) => !known.has(p.message))];
}
