import { CircleAlert } from "lucide-react";
import type { Problem } from "@/builder/model/definition";
import { useTranslation } from "@/i18n/texts";
import { shortLabel } from "./codes";
import { offsetAt, printValue, readValue, tagsOf } from "./template-text";

interface TemplateProblemsProps {
  id: string;
  problems: readonly Problem[];
  value: string;
  /** undefined: nothing can be changed */
  onChange?: (value: string) => void;
}

/** What is wrong with a template, each with a way to take over the suggested name. */
export function TemplateProblems({ id, problems, value, onChange }: TemplateProblemsProps) {
  const { t } = useTranslation("codes");
  if (problems.length === 0) {
    return null;
  }
  return (
    <ul id={id} className="flex flex-col gap-1 text-sm text-bad">
      {problems.map((p) => {
        const names = onChange ? suggestionsOf(p) : [];
        return (
          <li key={`${p.line}:${p.column}:${p.message}`} className="flex items-start gap-1">
            <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
            <span className="flex min-w-0 flex-col items-start gap-0.5">
              <span className="break-words">{p.message}</span>
              {names.map((name) => {
                const mended = withSuggestion(value, p, name);
                return mended === undefined ? null : (
                  <button
                    key={name}
                    type="button"
                    className="min-h-6 rounded text-start font-medium break-words underline"
                    onClick={() => onChange?.(mended)}
                  >
                    {t("field.use", { suggestion: shortLabel(name) })}
                  </button>
                );
              })}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** The names that the server takes for what was meant, the nearest first. */
function suggestionsOf(problem: Problem): string[] {
  return (problem.suggestion ?? "").split(/,\s+/).filter((name) => name.includes(" | "));
}

/** The template with the suggested merge code in the place of the one that nobody knows; undefined: it cannot be told where. */
export function withSuggestion(template: string, problem: Problem, name: string): string | undefined {
  if (problem.line === undefined) {
    return undefined;
  }
  const at = offsetAt(template, problem.line, problem.column);
  const tag = tagsOf(template).find((t) => t.kind === "value" && t.from <= at && at < t.to);
  if (!tag) {
    return undefined;
  }
  const value = readValue(tag.inside);
  const wrongAt = template.slice(at, tag.to).trimStart();
  if (!value.code.startsWith(wrongAt.split("|")[0]?.trim() ?? "")) {
    return undefined; // the fallback or a format is meant
  }
  return template.slice(0, tag.from) + printValue({ ...value, code: name }) + template.slice(tag.to);
}
