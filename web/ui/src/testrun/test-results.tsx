import { Check, CircleAlert, History, X } from "lucide-react";
import { flatten } from "@/builder/model/find";
import { useLocationWords } from "@/builder/problems";
import { useBuilder, useBuilderStore } from "@/builder/state/store";
import { Decision } from "@/conditions/decision";
import { useTranslation } from "@/i18n/texts";
import { Badge } from "@/kit/badge";
import { Button } from "@/kit/button";
import { Time } from "@/kit/time";
import { useStaleSteps } from "./store";
import { TestStepItem } from "./test-step";
import { staleTrigger, type Tested } from "./tested";

/** What a test came to: whether the workflow would fire and why, and each step. */
export function TestResults({ tested }: { tested: Tested }) {
  const { t } = useTranslation("testrun");
  const { run } = tested;
  const stale = useStaleSteps();
  const changed = useBuilder((s) => staleTrigger(tested, s.doc));
  const results = new Map(run.steps.map((s) => [s.id, s]));
  const steps = flatten(tested.doc).flatMap((found) => {
    const result = results.get(found.id);
    return result ? [{ ...found, result }] : [];
  });
  const icon = "size-3.5";
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <section
        aria-label={t("decision.label")}
        className="flex min-w-0 flex-col gap-2 rounded-md border border-line p-3"
      >
        <div className="flex flex-wrap items-center gap-2">
          <h3 className="font-semibold">{t("decision.label")}</h3>
          <Badge
            tone={run.matched ? "good" : "warn"}
            icon={run.matched ? <Check aria-hidden className={icon} /> : <X aria-hidden className={icon} />}
          >
            {t(run.matched ? "decision.fires" : "decision.not")}
          </Badge>
          {changed ? (
            <Badge icon={<History aria-hidden className={icon} />} title={t("stale.help")}>
              {t("stale.word")}
            </Badge>
          ) : null}
          <span className="text-sm text-muted">
            {t("with", { source: tested.source.kind === "builtin" ? t("builtin") : tested.source.label })}
            {" · "}
            <Time at={new Date(tested.at).toISOString()} seconds />
          </span>
        </div>
        <Decision reason={run.reason} explanation={run.explanation} condition={tested.doc.condition} />
      </section>
      <Found tested={tested} />
      {steps.length > 0 ? (
        <section aria-label={t("steps")}>
          <h3 className="mb-2 font-semibold">{t("steps")}</h3>
          <ol className="flex flex-col gap-2">
            {steps.map(({ id, step, depth, number, result }) => (
              <TestStepItem key={id} step={step} depth={depth} number={number} result={result} stale={stale.has(id)} />
            ))}
          </ol>
        </section>
      ) : (
        <p className="text-muted">{t("noSteps")}</p>
      )}
    </div>
  );
}

/** What is wrong with what was tested: each a press away from its field. */
function Found({ tested: { run } }: { tested: Tested }) {
  const { t } = useTranslation("testrun");
  const store = useBuilderStore();
  const words = useLocationWords();
  if (run.problems.length === 0) {
    return null;
  }
  return (
    <section aria-label={t("problems")} className="rounded-md border border-bad bg-bad-soft p-3 text-bad">
      <h3 className="mb-1 font-semibold">{t("problems")}</h3>
      <ul className="flex flex-col gap-1">
        {run.problems.map((p) => (
          <li key={`${p.location} ${p.message}`} className="flex flex-wrap items-start gap-2">
            <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
            <span className="min-w-0 grow break-words">
              {p.location ? t("problemAt", { place: words(p.location), message: p.message }) : p.message}
            </span>
            {p.location ? (
              <Button small onClick={() => store.getState().focusLocation(p.location)}>
                {t("toField")}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
