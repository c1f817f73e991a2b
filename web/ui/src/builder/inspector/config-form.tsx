import { useState } from "react";
import type { Schema } from "@/api/client";
import { useTranslation } from "@/i18n/texts";
import type { Located } from "../model/locations";
import { ConfigField } from "./config-field";
import { isMain, isRelevant } from "./relevance";

export type FieldSpec = Schema<"Field">;

export interface ConfigFormProps {
  fields: readonly FieldSpec[];
  /** what kinds of authentication fit */
  authenticationTypes: readonly string[];
  config: Record<string, unknown>;
  /** the config's own place: "config" of a step, "trigger.config" */
  at: string;
  problems: readonly Located[];
  /** advice, told as the problems are */
  warnings: readonly Located[];
  readOnly: boolean;
  /** undefined takes the member out */
  onChange: (field: FieldSpec, value: unknown) => void;
}

/** The form of a config, drawn from the fields that its action or trigger describes. What is seldom used is folded away. */
export function ConfigForm(props: ConfigFormProps) {
  const { fields, config, at, problems } = props;
  const { t } = useTranslation("inspector");
  // told once: a field must not jump away while somebody types in it
  const [main] = useState(() => new Set(fields.filter((f) => isMain(f, config)).map((f) => f.name)));
  const shown = fields.filter((f) => !f.secret && isRelevant(f, fields, config));
  const more = shown.filter((f) => !main.has(f.name));
  const wrong = more.some((f) => problems.some((p) => p.target.field.startsWith(`${at}.${f.name}`)));
  const draw = (f: FieldSpec) => <ConfigField key={f.name} {...props} field={f} location={`${at}.${f.name}`} />;
  return (
    <div className="flex min-w-0 flex-col gap-4">
      {shown.filter((f) => main.has(f.name)).map(draw)}
      {more.length > 0 ? (
        <details className="rounded-md border border-line" open={wrong || undefined}>
          <summary className="min-h-9 cursor-pointer px-3 py-1.5">
            {t("moreOf", { labels: more.map((f) => f.label).join(", ") })}
          </summary>
          <div className="flex flex-col gap-4 border-t border-line p-3">{more.map(draw)}</div>
        </details>
      ) : null}
    </div>
  );
}
