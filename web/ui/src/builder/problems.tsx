import { CircleAlert, CircleCheck, TriangleAlert } from "lucide-react";
import { useTranslation } from "@/i18n/texts";
import { useCommands } from "./commands/provider";
import { find, type Located, targetOf } from "./model";
import { useBuilder, useBuilderStore } from "./state/store";
import { type Titles, useTitles } from "./titles";

/** Chooses what a problem is about, and puts the cursor into its field. */
export function useShowProblem(): (problem: Located) => void {
  const store = useBuilderStore();
  const commands = useCommands();
  return (problem) => {
    const { doc, canEdit, focusTarget } = store.getState();
    focusTarget(problem.target, problem.location);
    if (canEdit && doc.steps.length === 0 && problem.target.field === "steps") {
      commands.add({ list: { in: "root" }, index: 0 }); // what is missing is a step
    }
  };
}

interface ListProps {
  list: Located[];
  bad?: boolean;
  onChoose: (problem: Located) => void;
}

/** Some problems without a heading of their own. */
export function ProblemList({ list, bad = false, onChoose }: ListProps) {
  return (
    <ul className="flex flex-col">
      {list.map((p) => (
        <li key={`${p.location} ${p.message}`}>
          <ProblemButton problem={p} bad={bad} onChoose={() => onChoose(p)} />
        </li>
      ))}
    </ul>
  );
}

/** What publish would refuse, and advice; a click puts the cursor into the field. */
export function Problems() {
  const { t } = useTranslation("builder");
  const problems = useBuilder((s) => s.problems);
  const warnings = useBuilder((s) => s.warnings);
  if (problems.length + warnings.length === 0) {
    return (
      <p className="flex items-center gap-2 p-3 text-good">
        <CircleCheck aria-hidden className="size-4.5 shrink-0" />
        {t("problems.none")}
      </p>
    );
  }
  return (
    <div className="flex flex-col gap-3 p-3">
      <Group title={t("problems.problems")} list={problems} bad />
      <Group title={t("problems.warnings")} list={warnings} />
    </div>
  );
}

function Group({ title, list, bad = false }: { title: string; list: Located[]; bad?: boolean }) {
  const show = useShowProblem();
  if (list.length === 0) {
    return null;
  }
  return (
    <section aria-label={title}>
      <h3 className="mb-1 text-sm font-semibold text-muted">{title}</h3>
      <ProblemList list={list} bad={bad} onChoose={show} />
    </section>
  );
}

function ProblemButton({ problem, bad, onChoose }: { problem: Located; bad: boolean; onChoose: () => void }) {
  const titles = useTitles();
  const Icon = bad ? CircleAlert : TriangleAlert;
  return (
    <button
      type="button"
      className="flex min-h-8 w-full items-start gap-2 rounded-md px-2 py-1 text-start hover:bg-sunken"
      onClick={onChoose}
    >
      <Icon aria-hidden className={`mt-0.5 size-4.5 shrink-0 ${bad ? "text-bad" : "text-warn"}`} />
      <span className="min-w-0 break-words">
        <span className="font-medium">{useWhere(problem, titles)}</span>
        <span className="text-muted">{" · "}</span>
        {problem.message}
        {problem.suggestion ? (
          <span className="text-muted"> {titles.t("problems.suggestion", { text: problem.suggestion })}</span>
        ) : null}
      </span>
    </button>
  );
}

// What a problem is about in words: "ask: Send an e-mail, Subject".
function useWhere({ target }: Located, titles: Titles): string {
  const type =
    useBuilder((s) => (target.stepId ? (find(s.doc, target.stepId)?.step.type ?? "") : s.doc.trigger.type)) ?? "";
  const field = fieldWords(target.field, type, titles);
  if (target.kind === "step") {
    return titles.t("problems.step", { id: target.stepId, title: titles.title(type) }) + (field ? `, ${field}` : "");
  }
  return target.kind === "trigger" ? titles.t("problems.trigger", { field }) : titles.t("problems.workflow", { field });
}

/** A field in words: config.url by its label, branches[1].condition as "branch 2, condition". */
export function fieldWords(field: string, type: string, { label, t }: Pick<Titles, "label" | "t">): string {
  const arm = /^branches\[(\d+)\]\.?(.*)$/.exec(field);
  if (arm) {
    const number = Number(arm[1]) + 1;
    return arm[2] ? t("field.arm", { number, part: t(`field.${arm[2]}`) }) : t("describe.arm", { number });
  }
  const member = /^(?:trigger\.)?config\.([^.[]+)(.*)$/.exec(field);
  if (member?.[1]) {
    return label(type, member[1]) + (member[2] ? ` (${member[2].replace(/^\./, "")})` : "");
  }
  return field ? t(`field.${field.replace(/\./g, "_")}`, { defaultValue: field }) : "";
}

/** What a location of the API is called, for errors of requests that send what is on the screen. */
export function useLocationWords(): (location: string) => string {
  const doc = useBuilder((s) => s.doc);
  const titles = useTitles();
  return (location) => {
    const target = targetOf(doc, location);
    const step = target.stepId ? find(doc, target.stepId)?.step : undefined;
    const field = fieldWords(target.field, step?.type ?? doc.trigger.type ?? "", titles);
    return step ? `${target.stepId}: ${field || titles.title(step.type ?? "")}` : field;
  };
}
