import { type ReactNode, useState } from "react";
import { useTranslation } from "@/i18n/texts";
import { TextArea } from "@/kit/field";

interface JsonFieldProps {
  label: ReactNode;
  help?: ReactNode;
  error?: string;
  required?: boolean;
  value: unknown;
  location: string;
  readOnly: boolean;
  onChange: (value: unknown) => void;
}

/** A field of a type that this form does not know: its JSON. What is no JSON stays in the field until it is. */
export function JsonField({ value, location, readOnly, error, onChange, ...shared }: JsonFieldProps) {
  const { t } = useTranslation("inspector");
  const [typed, setTyped] = useState<string | undefined>();
  const shown = value === undefined ? "" : JSON.stringify(value, null, 2);
  return (
    <div data-location={location}>
      <TextArea
        {...shared}
        className="font-mono"
        error={typed === undefined ? error : t("json.wrong")}
        value={typed ?? shown}
        readOnly={readOnly}
        onChange={(e) => {
          try {
            onChange(e.target.value.trim() === "" ? undefined : JSON.parse(e.target.value));
            setTyped(undefined);
          } catch {
            setTyped(e.target.value);
          }
        }}
      />
    </div>
  );
}
