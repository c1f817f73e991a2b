import { Info, MessageSquareWarning } from "lucide-react";
import { lazy, type ReactNode, Suspense, useCallback, useMemo, useState } from "react";
import type { Schema } from "@/api/client";
import { usePreviewContext } from "@/codes/source";
import { useTranslation } from "@/i18n/texts";
import { Button } from "@/kit/button";
import { ErrorState, Skeleton } from "@/kit/state";
import { ConditionProblems } from "./condition-problems";
import { type Names, typeAt } from "./names";
import { resultsByRow, rowAt } from "./places";
import { rowsOf } from "./query";
import type { RuleResult } from "./requests";
import type { Check } from "./use-check";
import { useCondition } from "./use-condition";

// The rows are the heaviest part and not there for who writes text.
const VisualCondition = lazy(() => import("./visual").then((m) => ({ default: m.VisualCondition })));

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  names: Names;
  check: Check;
  disabled?: boolean;
  location: string;
  /** what is wrong with it, until it was checked here */
  errors: Schema<"Problem">[];
  required?: boolean;
}

const none: ReadonlyMap<string, RuleResult> = new Map();

/** The condition as rows, with what is to be known of them: comments that would be lost, what has no visual form. */
export function VisualTab({ label, value, onChange, names, check, disabled, location, errors, required }: Props) {
  const { t } = useTranslation("conditions");
  const { trigger } = usePreviewContext();
  const typeOf = useCallback((code: string) => typeAt(names, code), [names]);
  const state = useCondition({ value, onChange, trigger, typeOf });
  const [dropsComments, setDropsComments] = useState(false);
  const { drawn, problems } = state;

  const results = useMemo(
    () => (drawn && check.condition === drawn.text ? resultsByRow(drawn.query, typeOf, check.rules) : none),
    [drawn, check.condition, check.rules, typeOf],
  );
  const wrong = useMemo(() => {
    const rows = problems.map((p) => [drawn ? rowAt(drawn.query, typeOf, p.location) : undefined, p] as const);
    return new Map(rows.flatMap(([row, problem]) => (row ? [[row, problem] as const] : [])));
  }, [problems, drawn, typeOf]);
  const shown = new Set([...wrong.values()].map((p) => p.message));
  const elsewhere = [...(check.problems ?? errors), ...problems].filter(
    (p, i, all) => !shown.has(p.message) && all.findIndex((o) => o.message === p.message) === i,
  );
  if (state.unread) {
    return <ErrorState error={state.unread} onRetry={state.retry} title={t("visual.failed")} />;
  }
  if (!drawn || state.loading) {
    return <Skeleton lines={2} />;
  }
  const asks = drawn.comments && !dropsComments && !disabled;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      {asks ? (
        <Notice icon={<MessageSquareWarning aria-hidden className="mt-0.5 size-4 shrink-0" />}>
          <p>{t("visual.comments")}</p>
          <Button small onClick={() => setDropsComments(true)}>
            {t("visual.dropComments")}
          </Button>
        </Notice>
      ) : null}
      {drawn.partial && rowsOf(drawn.query).some((row) => row.value.kind === "raw") ? (
        <Notice icon={<Info aria-hidden className="mt-0.5 size-4 shrink-0" />}>
          <p>{t("visual.partial")}</p>
        </Notice>
      ) : null}
      <Suspense fallback={<Skeleton lines={2} />}>
        <VisualCondition
          label={label}
          names={names}
          query={drawn.query}
          onChange={state.change}
          results={results}
          wrong={wrong}
          required={required}
          disabled={disabled || asks}
        />
      </Suspense>
      {state.unwritten ? (
        <ErrorState error={state.unwritten} onRetry={state.retry} title={t("visual.unwritten")} />
      ) : null}
      <ConditionProblems
        id={`${location}-problems`}
        problems={elsewhere}
        value={value}
        onChange={disabled ? undefined : onChange}
      />
    </div>
  );
}

function Notice({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <div className="flex items-start gap-2 rounded-md bg-warn-soft p-2 text-sm text-warn">
      {icon}
      <div className="flex min-w-0 flex-col items-start gap-2">{children}</div>
    </div>
  );
}
