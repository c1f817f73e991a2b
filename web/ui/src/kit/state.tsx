import { CircleAlert, RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import { Problem, Unreachable } from "@/api/problem";
import { translate, useTranslation } from "@/i18n/texts";
import { Button } from "./button";

/** What an error says, for people. */
export function messageOf(error: unknown): string {
  if (error instanceof Unreachable) {
    return translate("problem.unreachable");
  }
  if (error instanceof Problem) {
    return error.message || translate("problem.unknown", { id: error.requestId });
  }
  return error instanceof Error ? error.message : String(error);
}

/** Says that something failed, and offers to try again. It never looks like an empty list. */
export function ErrorState({ error, onRetry, title }: { error: unknown; onRetry?: () => void; title?: string }) {
  const { t } = useTranslation();
  return (
    <div role="alert" className="flex flex-col items-start gap-2 rounded-md border border-bad bg-bad-soft p-4 text-bad">
      <p className="flex items-center gap-2 font-medium">
        <CircleAlert aria-hidden className="size-5" />
        {title ?? t("state.failed")}
      </p>
      <p>{messageOf(error)}</p>
      <ErrorList error={error} />
      {onRetry ? (
        <Button onClick={onRetry} icon={<RotateCw aria-hidden className="size-4" />}>
          {t("action.retry")}
        </Button>
      ) : null}
    </div>
  );
}

/** The single errors of a problem, each with its place. */
export function ErrorList({ error }: { error: unknown }) {
  const { t } = useTranslation();
  if (!(error instanceof Problem) || error.errors.length === 0) {
    return null;
  }
  return (
    <ul className="list-disc ps-5">
      {error.errors.map((e) => (
        <li key={`${e.location}${e.message}`}>
          {e.location ? t("problem.location", { location: e.location, message: e.message }) : e.message}
        </li>
      ))}
    </ul>
  );
}

/** Says that there is nothing, and what to do next. */
export function EmptyState({
  title,
  text,
  icon,
  children,
}: {
  title: string;
  text?: ReactNode;
  icon?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center gap-2 rounded-md border border-dashed border-line-strong px-4 py-10 text-center">
      {icon}
      <p className="font-medium">{title}</p>
      {text ? <p className="max-w-prose text-muted">{text}</p> : null}
      {children ? <div className="mt-2 flex flex-wrap justify-center gap-2">{children}</div> : null}
    </div>
  );
}

/** Grey lines where something is about to be. */
export function Skeleton({ lines = 5 }: { lines?: number }) {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t("state.loading")} className="flex flex-col gap-3 py-2">
      {Array.from({ length: lines }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all the same
        <div key={i} aria-hidden className="h-6 animate-pulse rounded bg-sunken" />
      ))}
    </div>
  );
}
