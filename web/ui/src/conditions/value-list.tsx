import { Plus, X } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "@/i18n/texts";
import { IconButton } from "@/kit/button";
import { classes } from "@/kit/classes";
import { numberOf } from "./operators";
import { smallField } from "./small-field";
import type { RuleValue, Scalar } from "./tree";

interface Props {
  numbers: boolean;
  values: Scalar[];
  example?: string;
  onChange: (value: RuleValue) => void;
}

/** Several values, one of which is meant. Enter, a comma or leaving the field takes over what is typed. */
export function ListValue({ numbers, values, example, onChange }: Props) {
  const { t } = useTranslation("conditions");
  const [typed, setTyped] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const { taken, rest } = takenFrom(typed, numbers);
  const take = () => {
    if (taken.length > 0) {
      onChange([...values, ...taken.filter((v) => !values.includes(v))]);
    }
    setTyped(rest);
  };
  const drop = (value: Scalar) => {
    onChange(values.filter((v) => v !== value));
    input.current?.focus();
  };
  return (
    <div className="flex min-w-40 grow flex-col gap-1">
      {values.length > 0 ? (
        <ul aria-label={t("value.list")} className="flex flex-wrap gap-1">
          {values.map((value) => (
            <li key={String(value)} className="flex min-w-0 items-center rounded-md bg-sunken ps-2">
              <span className="min-w-0 break-words">{String(value)}</span>
              <button
                type="button"
                aria-label={t("value.drop", { value: String(value) })}
                className="inline-flex size-7 shrink-0 items-center justify-center rounded-md"
                onClick={() => drop(value)}
              >
                <X aria-hidden className="size-3.5" />
              </button>
            </li>
          ))}
        </ul>
      ) : null}
      <div className="flex gap-1">
        <input
          ref={input}
          aria-label={t("value.add")}
          className={classes(smallField, "min-w-0 grow")}
          value={typed}
          placeholder={values.length === 0 ? example : t("value.another")}
          aria-invalid={rest !== "" && numbers ? true : undefined}
          onChange={(e) => setTyped(e.target.value)}
          onBlur={take}
          onKeyDown={(e) => {
            if ((e.key === "Enter" || e.key === ",") && !e.nativeEvent.isComposing) {
              e.preventDefault();
              take();
            }
          }}
        />
        <IconButton label={t("value.take")} look="plain" disabled={taken.length === 0} onClick={take}>
          <Plus aria-hidden className="size-4" />
        </IconButton>
      </div>
    </div>
  );
}

/** The values in what is typed, and what is none. Several may be pasted at once, with commas between. */
export function takenFrom(typed: string, numbers: boolean): { taken: Scalar[]; rest: string } {
  const taken: Scalar[] = [];
  const rest: string[] = [];
  for (const part of typed.split(/[,\n]/).map((p) => p.trim())) {
    const number = numbers ? numberOf(part) : null;
    if (part === "") {
      continue;
    }
    if (numbers && number === null) {
      rest.push(part);
    } else {
      taken.push(number ?? part);
    }
  }
  return { taken: [...new Set(taken)], rest: rest.join(", ") };
}
