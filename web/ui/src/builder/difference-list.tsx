import { Minus, MoveVertical, Pencil, Plus, Power, PowerOff } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import { useTranslation } from "@/i18n/texts";
import { type Definition, type Difference, describeCondition, describeStep, differences } from "./model";
import { fieldWords } from "./problems";
import { type Titles, useTitles } from "./titles";

const icons = { added: Plus, removed: Minus, moved: MoveVertical, changed: Pencil, disabled: PowerOff, enabled: Power };
const tones = {
  added: "text-good",
  removed: "text-bad",
  moved: "text-info",
  changed: "text-info",
  disabled: "text-warn",
  enabled: "text-good",
};
const longest = 160; // characters of a value

/** What differs between two definitions, in plain words. */
export function DifferenceList({ before, after, empty }: { before: Definition; after: Definition; empty?: ReactNode }) {
  const { t } = useTranslation("builder");
  const list = useMemo(() => differences(before, after), [before, after]);
  if (list.length === 0) {
    return <p className="text-muted">{empty ?? t("difference.none")}</p>;
  }
  return (
    <ul className="flex flex-col gap-1.5" aria-label={t("difference.label")}>
      {list.map((d) => (
        <Line key={`${d.kind} ${d.step?.id ?? ""} ${d.field ?? ""}`} difference={d} type={after.trigger.type ?? ""} />
      ))}
    </ul>
  );
}

function Line({ difference: d, type }: { difference: Difference; type: string }) {
  const titles = useTitles();
  const Icon = icons[d.kind];
  return (
    <li className="flex items-start gap-2">
      <Icon aria-hidden className={`mt-0.5 size-4.5 shrink-0 ${tones[d.kind]}`} />
      <div className="min-w-0 grow">
        <p className="break-words">{sentence(d, type, titles)}</p>
        {d.kind === "changed" ? <Values difference={d} titles={titles} /> : null}
      </div>
    </li>
  );
}

/** A difference as one sentence. */
export function sentence(d: Difference, trigger: string, titles: Titles): string {
  const { t, title } = titles;
  const step = d.step ? t("difference.step", { id: d.step.id, title: title(d.step.type ?? "") }) : "";
  if (d.kind !== "changed") {
    const summary = d.step && d.kind === "added" ? describeStep(d.step, titles) : "";
    return t(`difference.${d.kind}`, { step }) + (summary ? ` (${summary})` : "");
  }
  const field = fieldWords(d.field ?? "", d.step?.type ?? trigger, titles);
  return d.step ? t("difference.changed", { step, field }) : t("difference.changedWorkflow", { field });
}

function Values({ difference: { before, after, field = "" }, titles }: { difference: Difference; titles: Titles }) {
  const { t } = useTranslation("builder");
  const words = (value: unknown) =>
    (field === "trigger.type"
      ? titles.title(String(value))
      : field.endsWith("condition") && typeof value === "string" && value.trim() !== ""
        ? describeCondition(value, titles)
        : valueText(value)) || t("difference.nothing");
  return (
    <p className="mt-0.5 text-sm break-words text-muted">
      <span className="sr-only">{t("difference.before")} </span>
      <del className="rounded bg-bad-soft px-1 text-bad">{words(before)}</del>
      <span className="sr-only"> {t("difference.after")} </span>
      <span aria-hidden> → </span>
      <ins className="rounded bg-good-soft px-1 text-good no-underline">{words(after)}</ins>
    </p>
  );
}

function valueText(value: unknown): string {
  if (value === undefined || value === null) {
    return "";
  }
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > longest ? `${line.slice(0, longest)} …` : line;
}
