import { type ReactNode, useState } from "react";
import { useTranslation } from "@/i18n/texts";
import { Field, inputClasses, TextField } from "@/kit/field";
import { printDuration, simpleDuration, type Unit, units } from "./duration";

interface DurationFieldProps {
  label: string;
  help?: ReactNode;
  error?: string;
  required?: boolean;
  /** 90s 15m 36h 3d 2w, or several in a row */
  value: string;
  /** what is taken when it is left out */
  standard?: string;
  location: string;
  readOnly: boolean;
  onChange: (value: string) => void;
}

/** A number and its unit; a duration of several parts is shown as it is written. */
export function DurationField(props: DurationFieldProps) {
  const { label, help, error, required, value, standard, location, readOnly, onChange } = props;
  const { t } = useTranslation("inspector");
  const first = simpleDuration(value) ?? simpleDuration(standard ?? "");
  const [unit, setUnit] = useState<Unit>(first?.unit ?? "d");
  const simple = value === "" ? { count: "", unit } : simpleDuration(value);
  if (!simple) {
    return (
      <div data-location={location}>
        <TextField
          label={label}
          help={t("duration.help")}
          error={error}
          required={required}
          value={value}
          readOnly={readOnly}
          onChange={(e) => onChange(e.target.value)}
        />
      </div>
    );
  }
  return (
    <div data-location={location}>
      <Field label={label} help={help} error={error} required={required}>
        {(ids) => (
          <span className="flex gap-2">
            <input
              {...ids}
              inputMode="numeric"
              autoComplete="off"
              className={inputClasses}
              value={simple.count}
              readOnly={readOnly}
              placeholder={standard ? (simpleDuration(standard)?.count ?? standard) : undefined}
              onChange={(e) => onChange(printDuration({ count: e.target.value, unit: simple.unit }))}
            />
            <select
              aria-label={t("duration.unit", { label })}
              className={inputClasses}
              value={simple.unit}
              disabled={readOnly}
              onChange={(e) => {
                setUnit(e.target.value as Unit);
                onChange(printDuration({ count: simple.count, unit: e.target.value as Unit }));
              }}
            >
              {units.map((u) => (
                <option key={u} value={u}>
                  {t(`duration.${u}`)}
                </option>
              ))}
            </select>
          </span>
        )}
      </Field>
    </div>
  );
}
