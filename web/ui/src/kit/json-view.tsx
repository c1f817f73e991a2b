import { useTranslation } from "@/i18n/texts";
import { CopyButton } from "./copy";

/** JSON or another text as it is, with a button that copies it. */
export function JsonView({ value, label }: { value: unknown; label: string }) {
  const { t } = useTranslation();
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return (
    <div className="relative">
      <div className="absolute end-2 top-2">
        <CopyButton small text={text} label={t("action.copyThis", { what: label })} />
      </div>
      <pre
        tabIndex={0}
        role="group"
        aria-label={label}
        className="max-h-96 overflow-auto rounded-md bg-sunken p-3 pe-12 font-mono text-sm break-words whitespace-pre-wrap"
      >
        {text}
      </pre>
    </div>
  );
}
