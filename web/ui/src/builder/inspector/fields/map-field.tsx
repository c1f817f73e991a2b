import { Plus, Trash2 } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import type { TemplatePlace } from "@/codes/preview-batch";
import { TemplateField } from "@/codes/template-field";
import { useTranslation } from "@/i18n/texts";
import { Button, IconButton } from "@/kit/button";
import { FieldError, inputClasses } from "@/kit/field";
import type { Located } from "../../model/locations";
import { problemsAt } from "../../state/problems";
import { ownMessageAt } from "../messages";
import { doubled, mapOf, newRow, type Row, rowsOf, says } from "./rows";

interface MapFieldProps {
  label: string;
  help?: string;
  value: unknown;
  place: TemplatePlace;
  location: string;
  problems: readonly Located[];
  warnings: readonly Located[];
  readOnly: boolean;
  onChange: (value: Record<string, string> | undefined) => void;
}

/** Names with texts, such as headers: a line each, the text with merge codes. */
export function MapField({
  label,
  help,
  value,
  place,
  location,
  problems,
  warnings,
  readOnly,
  onChange,
}: MapFieldProps) {
  const { t } = useTranslation("inspector");
  const id = useId();
  const [kept, setRows] = useState(() => rowsOf(value));
  const box = useRef<HTMLFieldSetElement>(null);
  const added = useRef(false);
  let shown = kept;
  if (!says(kept, value)) {
    shown = rowsOf(value); // undo, or another one's draft, says something else
    setRows(shown);
  }
  useEffect(() => {
    if (added.current) {
      added.current = false;
      [...(box.current?.querySelectorAll<HTMLElement>("input") ?? [])].at(-1)?.focus();
    }
  });
  const write = (next: Row[]) => {
    setRows(next);
    onChange(mapOf(next));
  };
  const set = (row: Row, change: Partial<Row>) => write(shown.map((r) => (r.id === row.id ? { ...r, ...change } : r)));
  const twice = doubled(shown);
  const error = ownMessageAt(problems, location);
  return (
    <fieldset
      ref={box}
      data-location={location}
      aria-describedby={help ? `${id}-help` : undefined}
      className="flex min-w-0 flex-col gap-2"
    >
      <legend className="font-medium">{label}</legend>
      {help ? (
        <p id={`${id}-help`} className="text-sm text-muted">
          {help}
        </p>
      ) : null}
      {shown.map((row) => (
        <div key={row.id} className="flex min-w-0 flex-col gap-1 rounded-md border border-line p-2">
          <div className="flex gap-1">
            <input
              aria-label={t("map.name")}
              placeholder={t("map.name")}
              aria-invalid={twice.has(row.id) || undefined}
              autoComplete="off"
              spellCheck={false}
              className={inputClasses}
              value={row.name}
              readOnly={readOnly}
              onChange={(e) => set(row, { name: e.target.value })}
            />
            {readOnly ? null : (
              <IconButton
                label={t("map.remove", { name: row.name || t("map.name") })}
                onClick={() => write(shown.filter((r) => r.id !== row.id))}
              >
                <Trash2 aria-hidden className="size-4" />
              </IconButton>
            )}
          </div>
          <TemplateField
            label={row.name ? t("map.value", { name: row.name }) : t("map.valueNew")}
            hideLabel
            value={row.value}
            onChange={(next) => set(row, { value: next })}
            place={place}
            location={row.name ? `${location}.${row.name}` : `${location}#${row.id}`}
            errors={row.name ? problemsAt(problems, `${location}.${row.name}`) : []}
            advice={row.name ? problemsAt(warnings, `${location}.${row.name}`) : []}
            readOnly={readOnly}
            placeholder={t("map.valueNew")}
          />
          {twice.has(row.id) ? <FieldError>{t("map.twice")}</FieldError> : null}
        </div>
      ))}
      {error ? <FieldError>{error}</FieldError> : null}
      {readOnly ? (
        shown.length === 0 ? (
          <p className="text-sm text-muted">{t("map.empty")}</p>
        ) : null
      ) : (
        <Button
          small
          className="self-start"
          icon={<Plus aria-hidden className="size-4" />}
          onClick={() => {
            added.current = true;
            setRows([...shown, newRow()]);
          }}
        >
          {t("map.add", { label })}
        </Button>
      )}
    </fieldset>
  );
}
