import { ChevronRight } from "lucide-react";
import { useMemo } from "react";
import type { Schema } from "@/api/client";
import { useTranslation } from "@/i18n/texts";
import { StatusBadge } from "@/kit/badge";
import { classes } from "@/kit/classes";
import { durationText } from "@/kit/time";
import { type Axis, layOut, type Span } from "./axis";

type Step = Schema<"RunStep">;

const bars: Record<string, string> = {
  succeeded: "bg-good",
  failed: "bg-bad",
  running: "bg-info",
  waiting: "bg-warn",
  held: "bg-warn",
};

interface TimelineProps {
  run: Schema<"RunDetail">;
  now: number;
  chosen: string;
  titleOf: (step: Step) => string;
  onChoose: (id: string) => void;
}

/** The steps of a run in order, each with a bar for every attempt on one axis; times in which nothing was done are folded. */
export function Timeline({ run, now, chosen, titleOf, onChoose }: TimelineProps) {
  const { t } = useTranslation("runs");
  const axis = useMemo(() => axisOf(run, now), [run, now]);
  const idle = axis.pieces.filter((p) => p.idle);
  return (
    <div className="flex flex-col gap-1">
      {idle.length > 0 ? (
        <p className="text-sm text-muted">
          {t("timeline.folded", { times: idle.map((p) => durationText(p.to - p.from)).join(", ") })}
        </p>
      ) : null}
      <ol className="divide-y divide-line">
        {run.steps.map((step, i) => (
          <li key={step.id}>
            <button
              type="button"
              aria-pressed={step.id === chosen}
              onClick={() => onChoose(step.id)}
              className={classes(
                "grid w-full items-center gap-x-3 gap-y-1 px-2 py-2 text-start sm:grid-cols-[minmax(0,15rem)_8rem_minmax(0,1fr)]",
                step.id === chosen ? "bg-accent-soft" : "hover:bg-sunken",
              )}
            >
              <span className="flex min-w-0 items-center gap-2">
                <span className="w-5 shrink-0 text-end text-sm text-muted">{i + 1}</span>
                <span className="min-w-0">
                  <span className="block truncate font-medium">{titleOf(step)}</span>
                  <span className="block truncate text-sm text-muted">{step.id}</span>
                </span>
              </span>
              <span className="flex items-center gap-1">
                <StatusBadge status={step.status} />
                {step.id === chosen ? <ChevronRight aria-hidden className="size-4 rtl:rotate-180" /> : null}
              </span>
              <Bars step={step} axis={axis} now={now} />
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Bars({ step, axis, now }: { step: Step; axis: Axis; now: number }) {
  const { t } = useTranslation("runs");
  const took =
    step.started_at && step.finished_at ? Date.parse(step.finished_at) - Date.parse(step.started_at) : undefined;
  return (
    <span className="block">
      <span aria-hidden className="relative block h-4 overflow-hidden rounded bg-sunken">
        {axis.pieces
          .filter((p) => p.idle)
          .map((p) => (
            <span
              key={p.from}
              className="absolute inset-y-0 border-x border-dashed border-line-strong"
              style={{ insetInlineStart: `${p.start * 100}%`, width: `${p.width * 100}%` }}
            />
          ))}
        {spansOf(step, now).map((span, i, all) => {
          const start = axis.at(span.from);
          const color = i === all.length - 1 ? (bars[step.status] ?? "bg-muted") : "bg-bad";
          return (
            <span
              key={`${span.from}-${span.to}`}
              className={classes("absolute inset-y-0.5 min-w-1 rounded-sm", color)}
              style={{
                insetInlineStart: `min(${start * 100}%, calc(100% - 4px))`,
                width: `${(axis.at(span.to) - start) * 100}%`,
              }}
            />
          );
        })}
      </span>
      <span className="text-sm text-muted">
        {step.attempts.length > 1 ? `${t("timeline.attempts", { count: step.attempts.length })} ` : ""}
        {took === undefined ? "" : durationText(took)}
      </span>
    </span>
  );
}

function spansOf(step: Step, now: number): Span[] {
  if (step.attempts.length > 0) {
    return step.attempts.map((a) => ({
      from: Date.parse(a.started_at),
      to: a.finished_at ? Date.parse(a.finished_at) : now,
    }));
  }
  if (step.started_at) {
    const from = Date.parse(step.started_at);
    return [{ from, to: step.finished_at ? Math.min(Date.parse(step.finished_at), from + 1) : from }];
  }
  return [];
}

function axisOf(run: Schema<"RunDetail">, now: number): Axis {
  const spans = run.steps.flatMap((s) => spansOf(s, now));
  const begin = Date.parse(run.created_at);
  const ends = spans.map((s) => s.to);
  return layOut(spans, begin, run.finished_at ? Date.parse(run.finished_at) : Math.max(begin, ...ends));
}
