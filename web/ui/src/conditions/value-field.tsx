import { type ComponentProps, useState } from "react";
import type { Code } from "@/codes/codes";
import { useTranslation } from "@/i18n/texts";
import { classes } from "@/kit/classes";
import { numberOf, type ValueShape } from "./operators";
import { smallField } from "./small-field";
import type { RuleValue, Scalar } from "./tree";
import { ListValue } from "./value-list";
import { DateValue, DurationValue } from "./value-time";

interface Props {
  shape: ValueShape;
  value: RuleValue;
  /** the code has no type: a value that looks like a number may be one */
  untyped: boolean;
  code: Code | undefined;
  onChange: (value: RuleValue) => void;
}

/** What a code is compared with, in the field that fits. */
export function ValueField({ shape, value, untyped, code, onChange }: Props) {
  const { t } = useTranslation("conditions");
  const one = Array.isArray(value) ? null : value;
  const many = Array.isArray(value) ? value : [];
  switch (shape) {
    case "none":
      return null;
    case "number":
      return <NumberField label={t("row.value")} className="w-24 grow" value={one} onChange={onChange} />;
    case "range":
      return (
        <RangeValue
          from={typeof many[0] === "number" ? many[0] : null}
          to={typeof many[1] === "number" ? many[1] : null}
          onChange={onChange}
        />
      );
    case "date":
      return <DateValue value={typeof one === "string" ? one : ""} onChange={onChange} />;
    case "duration":
      return <DurationValue value={typeof one === "string" ? one : ""} onChange={onChange} />;
    case "texts":
    case "numbers":
      return <ListValue numbers={shape === "numbers"} values={many} onChange={onChange} example={exampleOf(code)} />;
    case "text":
      return (
        <div className="flex min-w-32 grow basis-32 items-center gap-1.5">
          <input
            aria-label={t("row.value")}
            className={classes(smallField, "min-w-24 grow")}
            value={one === null ? "" : String(one)}
            placeholder={exampleOf(code)}
            onChange={(e) => onChange(e.target.value)}
          />
          {untyped ? <KindToggle value={one} onChange={onChange} /> : null}
        </div>
      );
  }
}

function exampleOf(code: Code | undefined): string | undefined {
  return typeof code?.sample === "string" || typeof code?.sample === "number" ? String(code.sample) : undefined;
}

/** Of a code without a type: whether 200 is a text or a number. */
function KindToggle({ value, onChange }: { value: Scalar | null; onChange: (value: RuleValue) => void }) {
  const { t } = useTranslation("conditions");
  const number = numberOf(String(value ?? ""));
  return number === null ? null : (
    <button
      type="button"
      className="min-h-7 rounded px-1 text-sm whitespace-nowrap text-accent underline"
      onClick={() => onChange(number)}
    >
      {t("value.asNumber")}
    </button>
  );
}

interface NumberProps extends Omit<ComponentProps<"input">, "value" | "onChange"> {
  label: string;
  value: Scalar | null;
  whole?: boolean;
  onChange: (value: number) => void;
}

/** A number. What is not one yet stays in the field and says so; the rule keeps the number before it. */
export function NumberField({ label, value, whole, onChange, className, ...rest }: NumberProps) {
  const [typed, setTyped] = useState<string>();
  const shown = typed ?? (value === null ? "" : String(value));
  const read = (text: string) => {
    const number = numberOf(text);
    return number === null || (whole && (!Number.isInteger(number) || number < 0)) ? null : number;
  };
  return (
    <input
      {...rest}
      aria-label={label}
      inputMode="decimal"
      className={classes(smallField, className)}
      value={shown}
      aria-invalid={shown !== "" && read(shown) === null ? true : undefined}
      onChange={(e) => {
        setTyped(e.target.value);
        const number = read(e.target.value);
        if (number !== null) {
          onChange(number);
        }
      }}
      onBlur={() => setTyped(undefined)}
    />
  );
}

/** Two bounds, both of them included. */
function RangeValue({
  from,
  to,
  onChange,
}: {
  from: number | null;
  to: number | null;
  onChange: (value: RuleValue) => void;
}) {
  const { t } = useTranslation("conditions");
  const [low, setLow] = useState(from);
  const [high, setHigh] = useState(to);
  const change = (l: number | null, h: number | null) => {
    setLow(l);
    setHigh(h);
    if (l !== null && h !== null) {
      onChange([l, h]);
    }
  };
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      <NumberField
        label={t("value.from")}
        className="w-24"
        value={from ?? low}
        onChange={(n) => change(n, to ?? high)}
      />
      <span>{t("value.and")}</span>
      <NumberField label={t("value.to")} className="w-24" value={to ?? high} onChange={(n) => change(from ?? low, n)} />
    </div>
  );
}
