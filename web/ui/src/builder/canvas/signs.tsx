import { CircleAlert, Clock, KeyRound, PowerOff, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { classes } from "@/kit/classes";
import { durationText } from "@/kit/time";
import { useProblemsOf, useWarningsOf } from "../state/problems";
import { useWords } from "../words";
import type { Wait } from "./waits";

const icon = "size-3.5 shrink-0";

/** A small word on a card. */
export function Sign({ tone, title, children }: { tone: string; title?: string; children: ReactNode }) {
  return (
    <span
      title={title}
      className={classes(
        "inline-flex shrink-0 items-center gap-1 rounded-full px-1.5 py-px text-xs font-medium whitespace-nowrap",
        tone,
      )}
    >
      {children}
    </span>
  );
}

/** How many problems and warnings there are with a step or the trigger; short: as numbers. */
export function ProblemSigns({ kind, id, short }: { kind: "step" | "trigger"; id?: string; short?: boolean }) {
  const { t } = useWords();
  const problems = useProblemsOf(kind, id);
  const warnings = useWarningsOf(kind, id);
  return (
    <>
      {problems.length > 0 ? (
        <Sign tone="bg-bad-soft text-bad" title={problems.map((p) => p.message).join("\n")}>
          <CircleAlert aria-hidden className={icon} />
          <Count short={short} count={problems.length} words={t("card.problems", { count: problems.length })} />
        </Sign>
      ) : null}
      {warnings.length > 0 ? (
        <Sign tone="bg-warn-soft text-warn" title={warnings.map((p) => p.message).join("\n")}>
          <TriangleAlert aria-hidden className={icon} />
          <Count short={short} count={warnings.length} words={t("card.warnings", { count: warnings.length })} />
        </Sign>
      ) : null}
    </>
  );
}

function Count({ short, count, words }: { short?: boolean; count: number; words: string }) {
  return short ? (
    <>
      <span aria-hidden>{count}</span>
      <span className="sr-only">{words}</span>
    </>
  ) : (
    words
  );
}

/** The authentication that a step works with. */
export function AuthenticationSign({ name, known }: { name: string; known: boolean }) {
  return (
    <Sign tone={known ? "min-w-8 shrink! bg-sunken text-muted" : "min-w-8 shrink! bg-warn-soft text-warn"} title={name}>
      <KeyRound aria-hidden className={icon} />
      <span className="truncate">{name}</span>
    </Sign>
  );
}

/** That a step is switched off. */
export function OffSign() {
  const { t } = useWords();
  return (
    <Sign tone="bg-sunken text-muted">
      <PowerOff aria-hidden className={icon} />
      {t("card.off")}
    </Sign>
  );
}

/** How long after the trigger a step runs; nothing when at once. */
export function WaitSign({ wait }: { wait: Wait | undefined }) {
  const { t } = useWords();
  if (!wait || wait.max === 0) {
    return null;
  }
  const time = durationText(wait.max);
  const same = wait.min === wait.max;
  return (
    <Sign tone="bg-sunken text-muted" title={t(same ? "card.afterHint" : "card.afterUpToHint", { time })}>
      <Clock aria-hidden className={icon} />
      {t(same ? "card.after" : "card.afterUpTo", { time })}
    </Sign>
  );
}
