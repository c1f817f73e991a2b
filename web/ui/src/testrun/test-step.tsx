import { ChevronRight, CircleAlert, LocateFixed } from "lucide-react";
import { useId, useState } from "react";
import type { Step } from "@/builder/model/definition";
import { find } from "@/builder/model/find";
import { useBuilder, useBuilderStore } from "@/builder/state/store";
import { useTitles } from "@/builder/titles";
import { useTranslation } from "@/i18n/texts";
import { IconButton } from "@/kit/button";
import { classes } from "@/kit/classes";
import { OutcomeBadge } from "./test-chip";
import { TestDetail } from "./test-detail";
import { outcomeOf, type TestStep } from "./tested";

interface Props {
  step: Step;
  depth: number;
  number: number;
  result: TestStep;
  stale: boolean;
}

/** What a test says of one step; what failed is open at once. */
export function TestStepItem({ step, depth, number, result, stale }: Props) {
  const { t } = useTranslation("testrun");
  const titles = useTitles();
  const store = useBuilderStore();
  const outcome = outcomeOf(result);
  const [open, setOpen] = useState(outcome === "failed");
  const id = useId();
  const title = titles.title(step.type ?? "");
  const there = useBuilder((s) => find(s.doc, result.id) !== undefined);
  return (
    <li
      className={classes("min-w-0 rounded-md border border-line bg-surface", outcome === "skipped" && "text-muted")}
      style={{ marginInlineStart: `${Math.min(depth, 6) * 1.25}rem` }}
    >
      <div className="flex min-w-0 items-center gap-1 pe-1">
        <button
          type="button"
          aria-expanded={open}
          aria-controls={open ? id : undefined}
          className="flex min-h-9 min-w-0 grow flex-wrap items-center gap-x-2 gap-y-1 rounded-md px-2 py-1.5 text-start hover:bg-sunken"
          onClick={() => setOpen(!open)}
        >
          <ChevronRight
            aria-hidden
            className={classes("size-4 shrink-0 rtl:rotate-180", open && "rotate-90 rtl:rotate-90")}
          />
          <span className="font-medium break-words">{t("step", { number, title })}</span>
          <code className="font-mono text-sm text-muted">{result.id}</code>
          <OutcomeBadge outcome={outcome} stale={stale} />
        </button>
        {there ? (
          <IconButton
            label={t("show", { number, title })}
            onClick={() => store.getState().select({ kind: "step", id: result.id })}
          >
            <LocateFixed aria-hidden className="size-4" />
          </IconButton>
        ) : null}
      </div>
      {result.reason || result.problems.length > 0 ? (
        <div className="flex flex-col gap-1 px-3 pb-2 text-sm">
          {result.reason ? <p className="break-words">{result.reason}</p> : null}
          {result.problems.map((p) => (
            <p key={p.location + p.message} className="flex items-start gap-1 break-words text-bad">
              <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
              {p.message}
            </p>
          ))}
        </div>
      ) : null}
      {open ? (
        <div id={id} className="border-t border-line p-3">
          <TestDetail result={result} />
        </div>
      ) : null}
    </li>
  );
}
