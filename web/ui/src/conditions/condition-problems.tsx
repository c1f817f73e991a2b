import type { Schema } from "@/api/client";
import { useTranslation } from "@/i18n/texts";
import { FieldError } from "@/kit/field";
import { namesIn, withName } from "./diagnostics";
import { NameButton } from "./name-button";

interface Props {
  id: string;
  problems: Schema<"Problem">[];
  value: string;
  /** left out: nothing can be changed here */
  onChange?: (value: string) => void;
}

/** What is wrong with a condition, in words; a name that the server proposes is one press away. */
export function ConditionProblems({ id, problems, value, onChange }: Props) {
  const { t } = useTranslation("conditions");
  if (problems.length === 0) {
    return null;
  }
  return (
    <ul id={id} className="flex flex-col gap-1">
      {problems.map((p) => (
        <li key={`${p.line}:${p.column}:${p.message}`} className="flex flex-wrap items-center gap-1.5">
          <FieldError>
            {p.line ? t("problem.at", { line: p.line, column: p.column ?? 1, message: p.message }) : p.message}
          </FieldError>
          {onChange
            ? namesIn(p).map((name) => (
                <NameButton key={name} name={name} onTake={() => onChange(withName(value, p, name))} />
              ))
            : null}
        </li>
      ))}
    </ul>
  );
}
