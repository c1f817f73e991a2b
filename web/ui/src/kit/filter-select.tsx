import { inputClasses } from "./field";

interface FilterSelectProps<Value extends string> {
  label: string;
  /** what "no filter" is called */
  any: string;
  value: Value | undefined;
  options: { value: Value; label: string }[];
  onChange: (value: Value | undefined) => void;
}

/** A filter of a list with a few values, and one that says "any". */
export function FilterSelect<Value extends string>({ label, any, value, options, onChange }: FilterSelectProps<Value>) {
  return (
    <label className="flex flex-col gap-1 text-sm">
      {label}
      <select
        className={inputClasses}
        value={value ?? ""}
        onChange={(e) => onChange((e.target.value || undefined) as Value | undefined)}
      >
        <option value="">{any}</option>
        {options.map((o) => (
          <option key={o.value} value={o.value}>
            {o.label}
          </option>
        ))}
      </select>
    </label>
  );
}
