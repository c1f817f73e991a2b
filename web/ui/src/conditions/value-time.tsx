import { useTranslation } from "@/i18n/texts";
import { classes } from "@/kit/classes";
import { smallField } from "./small-field";

const day = /^\d{4}-\d\d-\d\d$/;

/** A day, or a moment when one stands there already. */
export function DateValue({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation("conditions");
  const moment = value !== "" && !day.test(value);
  return (
    <input
      type={moment ? "text" : "date"}
      aria-label={t("value.date")}
      className={smallField}
      value={value}
      onChange={(e) => onChange(e.target.value)}
    />
  );
}

const units = ["m", "h", "d", "w"];
const plain = /^(\d{1,9})([smhdw])$/;

/** A number of minutes, hours, days or weeks; one that is put together ("1d12h") is a text. */
export function DurationValue({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation("conditions");
  const parts = plain.exec(value);
  if (value !== "" && !parts && !/^[mhdw]$/.test(value)) {
    return (
      <input
        aria-label={t("value.duration")}
        className={classes(smallField, "w-32")}
        value={value}
        onChange={(e) => onChange(e.target.value)}
      />
    );
  }
  const amount = parts?.[1] ?? "";
  const unit = parts?.[2] ?? "d";
  const shown = units.includes(unit) ? units : [unit, ...units];
  return (
    <div className="flex items-center gap-1.5">
      <input
        aria-label={t("value.duration")}
        inputMode="numeric"
        className={classes(smallField, "w-16")}
        value={amount}
        onChange={(e) => {
          const digits = e.target.value.replace(/\D/g, "").slice(0, 9);
          onChange(digits ? digits + unit : "");
        }}
      />
      <select
        aria-label={t("value.unit")}
        className={smallField}
        value={unit}
        onChange={(e) => onChange((amount || "1") + e.target.value)}
      >
        {shown.map((u) => (
          <option key={u} value={u}>
            {t(`unit.${u}`)}
          </option>
        ))}
      </select>
    </div>
  );
}
