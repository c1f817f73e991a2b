import type { Schema } from "@/api/client";

type FieldSpec = Schema<"Field">;
type Config = Record<string, unknown>;

/** Whether a field means anything with what else is chosen. What holds something is always shown. */
export function isRelevant(field: FieldSpec, fields: readonly FieldSpec[], config: Config): boolean {
  const { when } = field;
  return !when || !isUnset(config[field.name]) || when.values.includes(chosen(when.field, fields, config));
}

/** The type of a field; another field may choose it. */
export function typeOf(field: FieldSpec, fields: readonly FieldSpec[], config: Config): string {
  const type = field.type_from ? chosen(field.type_from, fields, config) : field.type;
  return ["json", "html", "url"].includes(type) ? type : field.type;
}

function chosen(name: string, fields: readonly FieldSpec[], config: Config): string {
  const value = config[name];
  return typeof value === "string" && value !== "" ? value : (fields.find((f) => f.name === name)?.default ?? "");
}

/** Whether a field stands in front: it is not folded away until it is wanted, or says something already. */
export function isMain(field: FieldSpec, config: Config): boolean {
  return field.required || !field.advanced || !isUnset(config[field.name]);
}

/** Nothing, an empty text, or an empty list or map. */
export function isUnset(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === "" ||
    (typeof value === "object" && Object.keys(value).length === 0)
  );
}

/** Whether a text has several lines: messages and bodies do, a subject does not. */
export function isLong(field: FieldSpec, type: string): boolean {
  return type === "html" || type === "json" || (type === "text" && (field.max ?? 0) === 0);
}
