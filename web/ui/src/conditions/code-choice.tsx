import { ChevronDown } from "lucide-react";
import { useTranslation } from "@/i18n/texts";
import { classes } from "@/kit/classes";
import { codeAt, labelOf, segmentsOfPath, shortLabelOf } from "./names";
import { useScope } from "./scope";
import { smallField } from "./small-field";
import { useFocus } from "./use-focus";

/** Which merge code a row is about: the trigger's by the picker, an item's by a short list. */
export function CodeChoice(props: {
  value: string;
  onChange: (path: string) => void;
  fresh?: boolean;
  disabled?: boolean;
}) {
  const { names } = useScope();
  return <div className="me-16 min-w-0">{names.list ? <MemberChoice {...props} /> : <PickedCode {...props} />}</div>;
}

function PickedCode({
  value,
  onChange,
  disabled,
}: {
  value: string;
  onChange: (path: string) => void;
  disabled?: boolean;
}) {
  const { t } = useTranslation("conditions");
  const { names, pickCode } = useScope();
  return (
    <button
      type="button"
      disabled={disabled}
      aria-haspopup="dialog"
      aria-label={value ? t("row.code", { code: labelOf(names, value) }) : t("row.choose")}
      title={labelOf(names, value)}
      onClick={() => pickCode(onChange)}
      className="flex min-h-8 w-full min-w-0 items-center gap-1 rounded-md bg-accent-soft px-2 py-0.5 text-start font-medium text-text hover:underline"
    >
      <span className="min-w-0 grow break-words">{value ? shortLabelOf(value) : t("row.choose")}</span>
      <ChevronDown aria-hidden className="size-4 shrink-0" />
    </button>
  );
}

function MemberChoice({
  value,
  onChange,
  fresh = false,
}: {
  value: string;
  onChange: (path: string) => void;
  fresh?: boolean;
}) {
  const { t } = useTranslation("conditions");
  const { names } = useScope();
  const focus = useFocus<HTMLSelectElement>(fresh);
  const unlisted = value !== "" && value !== "." && !codeAt(names, value);
  return (
    <select
      ref={focus}
      aria-label={t("row.member")}
      className={classes(smallField, "w-full font-medium")}
      value={value}
      onChange={(e) => onChange(e.target.value)}
    >
      <option value="" disabled>
        {t("row.choose")}
      </option>
      {names.codes.length === 0 || value === "." ? <option value=".">{t("row.item")}</option> : null}
      {unlisted ? <option value={value}>{segmentsOfPath(value).join(" | ")}</option> : null}
      {names.codes.map((code) => (
        <option key={code.path} value={code.path}>
          {segmentsOfPath(code.path).join(" | ")}
        </option>
      ))}
    </select>
  );
}
