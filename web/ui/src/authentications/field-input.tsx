import type { Schema } from "@/api/client";
import { useTranslation } from "@/i18n/texts";
import { Checkbox, SecretField, SelectField, TextArea, TextField } from "@/kit/field";

export type FormValue = string | number | boolean | string[];

interface FieldInputProps {
  field: Schema<"Field">;
  value: FormValue | undefined;
  error?: string;
  /** a secret that is set already: its last characters, or "" when they are not shown */
  kept?: string;
  onChange: (value: FormValue) => void;
}

/** The control for one field of an authentication, as its type says. */
export function FieldInput({ field, value, error, kept, onChange }: FieldInputProps) {
  const { t } = useTranslation("authentications");
  const shared = { label: field.label, help: field.help, error, required: field.required && kept === undefined };
  const text = Array.isArray(value) ? value.join("\n") : String(value ?? "");
  if (field.secret) {
    return (
      <SecretField
        {...shared}
        value={text}
        maxLength={field.max}
        placeholder={kept === undefined ? "" : kept ? t("secret.keptEnding", { last4: kept }) : t("secret.kept")}
        onChange={(e) => onChange(e.target.value)}
      />
    );
  }
  switch (field.type) {
    case "select":
      return (
        <SelectField
          {...shared}
          value={text || field.default || ""}
          options={(field.options ?? []).map((option) => ({
            value: option,
            label: t(`option.${field.name}.${option}`, option),
          }))}
          onChange={(e) => onChange(e.target.value)}
        />
      );
    case "boolean":
      return (
        <Checkbox
          label={field.label}
          help={field.help}
          checked={value === true}
          onChange={(e) => onChange(e.target.checked)}
        />
      );
    case "list":
      return (
        <TextArea
          {...shared}
          help={`${field.help ?? ""} ${t("list.help")}`}
          value={text}
          onChange={(e) => onChange(e.target.value.split("\n"))}
        />
      );
    case "integer":
      return (
        <TextField
          {...shared}
          inputMode="numeric"
          value={text}
          placeholder={field.default}
          onChange={(e) => onChange(/^\d+$/.test(e.target.value) ? Number(e.target.value) : e.target.value)}
        />
      );
    default:
      return (
        <TextField
          {...shared}
          value={text}
          placeholder={field.default}
          maxLength={field.max}
          onChange={(e) => onChange(e.target.value)}
        />
      );
  }
}
