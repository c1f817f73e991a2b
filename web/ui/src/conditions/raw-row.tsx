import { CodeEditor } from "@/codes/code-editor";
import { useTranslation } from "@/i18n/texts";
import type { RowProps } from "./condition-row";
import { useExprExtensions } from "./expr-extensions";
import { useScope } from "./scope";
import type { Raw } from "./tree";

/** What has no visual form: the expression itself. */
export function RawRow({ node, onChange, fresh, disabled }: RowProps<Raw>) {
  const { t } = useTranslation("conditions");
  const { names } = useScope();
  const extensions = useExprExtensions(names);
  return (
    <>
      <p className="me-16 flex min-h-8 items-center text-sm text-muted">{t("raw.title")}</p>
      <CodeEditor
        label={t("raw.label")}
        value={node.text}
        onChange={(text) => onChange({ kind: "raw", text })}
        extensions={extensions}
        readOnly={disabled}
        placeholder={t("raw.example")}
        onReady={(view) => fresh && view?.focus()}
      />
    </>
  );
}
