import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Schema } from "@/api/client";
import { useTranslation } from "@/i18n/texts";
import { durationText } from "@/kit/time";

/** The figures of the day; each leads to its list. */
export function Totals({ totals, queue }: { totals: Schema<"Totals">; queue: Schema<"Queue"> }) {
  const { t } = useTranslation("home");
  const day = new Date(Date.now() - 86_400_000).toISOString();
  return (
    <ul className="grid grid-cols-2 gap-3 lg:grid-cols-5" aria-label={t("totals.label")}>
      <Figure value={totals.events_24h} label={t("totals.events")}>
        <Link
          to="/events"
          search={{ from: day }}
          className="absolute inset-0 rounded-lg"
          aria-label={t("totals.eventsLink", { count: totals.events_24h })}
        />
      </Figure>
      <Figure value={totals.runs_24h} label={t("totals.runs")}>
        <Link
          to="/runs"
          search={{ from: day }}
          className="absolute inset-0 rounded-lg"
          aria-label={t("totals.runsLink", { count: totals.runs_24h })}
        />
      </Figure>
      <Figure value={totals.failed_24h} label={t("totals.failed")} bad={totals.failed_24h > 0}>
        <Link
          to="/runs"
          search={{ status: "failed", from: day }}
          className="absolute inset-0 rounded-lg"
          aria-label={t("totals.failedLink", { count: totals.failed_24h })}
        />
      </Figure>
      <Figure value={totals.waiting} label={t("totals.waiting")}>
        <Link
          to="/runs"
          search={{ status: "waiting" }}
          className="absolute inset-0 rounded-lg"
          aria-label={t("totals.waitingLink", { count: totals.waiting })}
        />
      </Figure>
      <Figure
        value={queue.waiting}
        label={queue.oldest_ms ? t("totals.queueAge", { age: durationText(queue.oldest_ms) }) : t("totals.queue")}
      >
        <Link
          to="/events"
          search={{ status: "accepted" }}
          className="absolute inset-0 rounded-lg"
          aria-label={t("totals.queueLink", { count: queue.waiting })}
        />
      </Figure>
    </ul>
  );
}

function Figure({ value, label, bad, children }: { value: number; label: string; bad?: boolean; children: ReactNode }) {
  return (
    <li className="relative rounded-lg border border-line bg-surface p-4 hover:border-accent">
      <span aria-hidden className={`block text-2xl font-semibold tabular-nums ${bad ? "text-bad" : ""}`}>
        {value.toLocaleString("en")}
      </span>
      <span aria-hidden className="text-sm text-muted">
        {label}
      </span>
      {children}
    </li>
  );
}
