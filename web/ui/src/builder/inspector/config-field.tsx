import type { TemplatePlace } from "@/codes/preview-batch";
import { TemplateField } from "@/codes/template-field";
import { useTranslation } from "@/i18n/texts";
import { Checkbox, SelectField, TextArea, TextField } from "@/kit/field";
import { problemsAt } from "../state/problems";
import type { ConfigFormProps, FieldSpec } from "./config-form";
import { AuthenticationField } from "./fields/authentication-field";
import { DurationField } from "./fields/duration-field";
import { JsonField } from "./fields/json-field";
import { MapField } from "./fields/map-field";
import { messageAt } from "./messages";
import { isLong, typeOf } from "./relevance";

interface ConfigFieldProps extends ConfigFormProps {
  field: FieldSpec;
  location: string;
}

/** One field of a config, by its type. Nothing here knows what the field is called. */
export function ConfigField(props: ConfigFieldProps) {
  const { field, fields, config, location, problems, readOnly } = props;
  const { t } = useTranslation("inspector");
  const value = config[field.name];
  const text = typeof value === "string" ? value : "";
  const error = messageAt(problems, location);
  const set = (next: unknown) => props.onChange(field, next === "" ? undefined : next);
  const shared = { label: field.label, help: field.help, required: field.required };
  const type = typeOf(field, fields, config);
  switch (type) {
    case "text":
    case "html":
    case "json":
    case "url":
    case "header":
      if (field.merge) {
        return (
          <TemplateField
            {...shared}
            value={text}
            onChange={set}
            place={type as TemplatePlace}
            location={location}
            errors={problemsAt(problems, location)}
            advice={problemsAt(props.warnings, location)}
            multiline={isLong(field, type)}
            readOnly={readOnly}
            placeholder={field.default ?? field.example}
          />
        );
      }
      return (
        <div data-location={location}>
          {isLong(field, type) ? (
            <TextArea
              {...shared}
              error={error}
              value={text}
              readOnly={readOnly}
              onChange={(e) => set(e.target.value)}
            />
          ) : (
            <TextField
              {...shared}
              error={error}
              value={text}
              readOnly={readOnly}
              placeholder={field.default ?? field.example}
              onChange={(e) => set(e.target.value)}
            />
          )}
        </div>
      );
    case "select":
      return (
        <div data-location={location}>
          <SelectField
            {...shared}
            error={error}
            value={text || (field.default ?? "")}
            disabled={readOnly}
            placeholder={field.default ? undefined : t("auth.choose")}
            options={(field.options ?? []).map((o) => ({ value: o, label: o }))}
            onChange={(e) => set(e.target.value)}
          />
        </div>
      );
    case "boolean":
      return (
        <div data-location={location}>
          <Checkbox
            label={field.label}
            help={error ?? field.help}
            checked={value === undefined ? field.default === "true" : value === true}
            disabled={readOnly}
            onChange={(e) => set(e.target.checked)}
          />
        </div>
      );
    case "integer":
      return (
        <div data-location={location}>
          <TextField
            {...shared}
            error={error}
            inputMode="numeric"
            value={value === undefined || value === null ? "" : String(value)}
            readOnly={readOnly}
            placeholder={field.default ? t("integer.placeholder", { value: field.default }) : undefined}
            onChange={(e) => set(/^-?\d{1,15}$/.test(e.target.value) ? Number(e.target.value) : e.target.value)}
          />
        </div>
      );
    case "duration":
      return (
        <DurationField
          {...shared}
          error={error}
          value={text}
          standard={field.default}
          location={location}
          readOnly={readOnly}
          onChange={set}
        />
      );
    case "authentication":
      return (
        <AuthenticationField
          {...shared}
          error={error}
          value={text}
          types={props.authenticationTypes}
          location={location}
          readOnly={readOnly}
          onChange={set}
        />
      );
    case "map":
      return (
        <MapField
          label={field.label}
          help={field.help}
          value={value}
          place={(field.of ?? "text") as TemplatePlace}
          location={location}
          problems={problems}
          warnings={props.warnings}
          readOnly={readOnly}
          onChange={set}
        />
      );
    case "list":
      return (
        <div data-location={location}>
          <TextArea
            {...shared}
            help={[field.help, t("list.help")].filter(Boolean).join(" ")}
            error={error}
            value={Array.isArray(value) ? value.join("\n") : ""}
            readOnly={readOnly}
            onChange={(e) => set(e.target.value === "" ? undefined : e.target.value.split("\n"))}
          />
        </div>
      );
    default:
      return (
        <JsonField {...shared} error={error} value={value} location={location} readOnly={readOnly} onChange={set} />
      );
  }
}
