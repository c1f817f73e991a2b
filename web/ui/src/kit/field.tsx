import { CircleAlert, Eye, EyeOff } from "lucide-react";
import { type ComponentProps, type ReactNode, useId, useState } from "react";
import { useTranslation } from "@/i18n/texts";
import { classes } from "./classes";

export const inputClasses =
  "w-full min-h-9 rounded-md border border-line-strong bg-surface px-2.5 py-1.5 text-text aria-invalid:border-bad disabled:bg-sunken disabled:text-muted";

interface FieldProps {
  label: ReactNode;
  /** what to write here, below the label */
  help?: ReactNode;
  /** what is wrong, next to the field */
  error?: ReactNode;
  required?: boolean;
  className?: string;
  children: (ids: {
    id: string;
    "aria-describedby": string | undefined;
    "aria-invalid": true | undefined;
  }) => ReactNode;
}

/** A label, a control, its help and what is wrong with it, tied together for screen readers. */
export function Field({ label, help, error, required, className, children }: FieldProps) {
  const id = useId();
  const { t } = useTranslation();
  const described = [help ? `${id}-help` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  return (
    <div className={classes("flex flex-col gap-1", className)}>
      <label htmlFor={id} className="font-medium">
        {label}
        {required ? <span className="text-sm font-normal text-muted"> ({t("form.required")})</span> : null}
      </label>
      {help ? (
        <p id={`${id}-help`} className="text-sm text-muted">
          {help}
        </p>
      ) : null}
      {children({ id, "aria-describedby": described || undefined, "aria-invalid": error ? true : undefined })}
      {error ? <FieldError id={`${id}-error`}>{error}</FieldError> : null}
    </div>
  );
}

/** What is wrong, in words and with a sign. */
export function FieldError({ id, children }: { id?: string; children: ReactNode }) {
  return (
    <p id={id} className="flex items-start gap-1 text-sm text-bad">
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span>{children}</span>
    </p>
  );
}

type Inherited = Omit<FieldProps, "children" | "className">;

/** A line of text with its label. */
export function TextField({ label, help, error, required, className, ...rest }: Inherited & ComponentProps<"input">) {
  return (
    <Field label={label} help={help} error={error} required={required} className={className}>
      {(ids) => <input {...ids} className={inputClasses} required={required} autoComplete="off" {...rest} />}
    </Field>
  );
}

/** A text of several lines with its label. */
export function TextArea({ label, help, error, required, className, ...rest }: Inherited & ComponentProps<"textarea">) {
  return (
    <Field label={label} help={help} error={error} required={required} className={className}>
      {(ids) => <textarea {...ids} rows={4} className={inputClasses} required={required} {...rest} />}
    </Field>
  );
}

/** A password or another secret, which can be shown while it is typed. */
export function SecretField({ label, help, error, required, className, ...rest }: Inherited & ComponentProps<"input">) {
  const [shown, setShown] = useState(false);
  const { t } = useTranslation();
  return (
    <Field label={label} help={help} error={error} required={required} className={className}>
      {(ids) => (
        <span className="flex gap-1">
          <input
            {...ids}
            type={shown ? "text" : "password"}
            className={inputClasses}
            required={required}
            autoComplete="off"
            spellCheck={false}
            {...rest}
          />
          <button
            type="button"
            aria-label={shown ? t("form.conceal") : t("form.reveal")}
            aria-pressed={shown}
            className="inline-flex size-9 shrink-0 items-center justify-center rounded-md border border-line-strong"
            onClick={() => setShown(!shown)}
          >
            {shown ? <EyeOff aria-hidden className="size-4" /> : <Eye aria-hidden className="size-4" />}
          </button>
        </span>
      )}
    </Field>
  );
}

interface Option {
  value: string;
  label: string;
  disabled?: boolean;
}

/** One of a few, with its label: the browser's own list, which every device knows how to show. */
export function SelectField({
  label,
  help,
  error,
  required,
  className,
  options,
  placeholder,
  ...rest
}: Inherited & ComponentProps<"select"> & { options: Option[]; placeholder?: string }) {
  return (
    <Field label={label} help={help} error={error} required={required} className={className}>
      {(ids) => (
        <select {...ids} className={inputClasses} required={required} {...rest}>
          {placeholder === undefined ? null : <option value="">{placeholder}</option>}
          {options.map((o) => (
            <option key={o.value} value={o.value} disabled={o.disabled}>
              {o.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** A box to tick, with its label beside it. */
export function Checkbox({
  label,
  help,
  className,
  ...rest
}: { label: ReactNode; help?: ReactNode } & ComponentProps<"input">) {
  const id = useId();
  return (
    <div className={classes("flex items-start gap-2", className)}>
      <input
        id={id}
        type="checkbox"
        className="mt-0.5 size-5 shrink-0 accent-(--accent)"
        aria-describedby={help ? `${id}-help` : undefined}
        {...rest}
      />
      <div>
        <label htmlFor={id}>{label}</label>
        {help ? (
          <p id={`${id}-help`} className="text-sm text-muted">
            {help}
          </p>
        ) : null}
      </div>
    </div>
  );
}
