import { type FormEvent, type ReactNode, useState } from "react";
import type { Schema } from "@/api/client";
import { Problem } from "@/api/problem";
import { useTranslation } from "@/i18n/texts";
import { Button } from "@/kit/button";
import { TextField } from "@/kit/field";
import { ErrorState } from "@/kit/state";
import { CredentialsBox } from "./credentials-box";
import { FieldInput, type FormValue } from "./field-input";

export interface AuthenticationValues {
  name: string;
  config: Record<string, FormValue>;
  secrets: Record<string, string>;
}

interface FormProps {
  type: Schema<"AuthenticationType">;
  /** what is there already, when one is changed */
  current?: Schema<"Authentication">;
  busy: boolean;
  error: unknown;
  submit: string;
  footer?: ReactNode;
  onSubmit: (values: AuthenticationValues) => void;
}

/** The form of an authentication, drawn from the fields of its type. What was typed stays whatever the server says. */
export function AuthenticationForm({ type, current, busy, error, submit, footer, onSubmit }: FormProps) {
  const { t } = useTranslation("authentications");
  const [name, setName] = useState(current?.name ?? t("defaultName", { type: type.title }));
  const [config, setConfig] = useState<Record<string, FormValue>>(
    () => (current?.config as Record<string, FormValue> | undefined) ?? {},
  );
  const [secrets, setSecrets] = useState<Record<string, string>>({});
  // What was wrong with a field no longer holds once it was changed.
  const [mended, setMended] = useState<{ error: unknown; names: string[] }>({ error: undefined, names: [] });

  function change(field: Schema<"Field">, value: FormValue) {
    setMended((m) => ({ error, names: [...(m.error === error ? m.names : []), field.name] }));
    if (field.secret) {
      setSecrets((all) => ({ ...all, [field.name]: String(value) }));
    } else {
      setConfig((all) => ({ ...all, [field.name]: value }));
    }
  }
  function take(found: Record<string, string>) {
    for (const field of type.fields ?? []) {
      const value = found[field.name];
      if (value) {
        change(field, value);
      }
    }
  }
  function send(event: FormEvent) {
    event.preventDefault();
    onSubmit({ name: name.trim(), config: filled(config), secrets: typed(secrets) });
  }
  const errorAt = (field: Schema<"Field">) =>
    error instanceof Problem && !(mended.error === error && mended.names.includes(field.name))
      ? error
          .at(`${field.secret ? "secrets" : "config"}.${field.name}`)
          .map((e) => e.message)
          .join(" ") || undefined
      : undefined;
  return (
    <form onSubmit={send} className="flex max-w-2xl flex-col gap-4" noValidate>
      {type.type === "bigcommerce" ? <CredentialsBox onFound={take} /> : null}
      <TextField
        label={t("name")}
        help={t("nameHelp")}
        value={name}
        maxLength={200}
        required
        error={
          error instanceof Problem
            ? error
                .at("body.name")
                .map((e) => e.message)
                .join(" ") || undefined
            : undefined
        }
        onChange={(e) => setName(e.target.value)}
      />
      {(type.fields ?? []).map((field) => (
        <FieldInput
          key={field.name}
          field={field}
          value={field.secret ? secrets[field.name] : config[field.name]}
          kept={
            field.secret && current?.secrets[field.name]?.set ? (current.secrets[field.name]?.last4 ?? "") : undefined
          }
          error={errorAt(field)}
          onChange={(value) => change(field, value)}
        />
      ))}
      {error ? <ErrorState error={inWords(error, type)} title={t("notSaved")} /> : null}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="primary" busy={busy}>
          {submit}
        </Button>
        {footer}
      </div>
    </form>
  );
}

/** The same error; where a field of the form says which one is meant, its place in the request is left out. */
function inWords(error: unknown, type: Schema<"AuthenticationType">): unknown {
  if (!(error instanceof Problem)) {
    return error;
  }
  const known = ["body.name", ...(type.fields ?? []).map((f) => `body.${f.secret ? "secrets" : "config"}.${f.name}`)];
  const errors = error.errors.map((e) => (known.includes(e.location ?? "") ? { ...e, location: "" } : e));
  return new Problem(error.status, error.message, errors, error.requestId, error.retryAfter);
}

/** The config without empty lines and empty fields, whose defaults count. */
function filled(config: Record<string, FormValue>): Record<string, FormValue> {
  const out: Record<string, FormValue> = {};
  for (const [name, value] of Object.entries(config)) {
    const clean = Array.isArray(value)
      ? value.map((v) => v.trim()).filter(Boolean)
      : typeof value === "string"
        ? value.trim()
        : value;
    if (clean !== "" && !(Array.isArray(clean) && clean.length === 0)) {
      out[name] = clean;
    }
  }
  return out;
}

/** The secrets that were typed; one left empty stays as it is. */
function typed(secrets: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(secrets).filter(([, value]) => value !== ""));
}
