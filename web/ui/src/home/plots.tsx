import type { Schema } from "@/api/client";
import { useTranslation } from "@/i18n/texts";
import { Plot } from "./plot";

type Bucket = Schema<"Bucket">;

/** Events, runs and how long they took, hour by hour; each plot has its table. */
export function Plots({ series }: { series: Bucket[] }) {
  const { t } = useTranslation("home");
  const hours = series.map((b) => Date.parse(b.at) / 1000);
  const column = (pick: (b: Bucket) => number | null) => series.map(pick);
  return (
    <div className="grid grid-cols-1 gap-4 xl:grid-cols-3">
      <Plot
        title={t("plots.events")}
        unit=""
        hours={hours}
        lines={[{ label: t("plots.eventsLine"), color: "--accent", values: column((b) => b.events) }]}
        draw="bars"
      />
      <Plot
        title={t("plots.runs")}
        unit=""
        hours={hours}
        lines={[
          { label: t("common:status.succeeded"), color: "--good", values: column((b) => b.succeeded) },
          { label: t("common:status.failed"), color: "--bad", values: column((b) => b.failed), dash: [6, 3] },
          { label: t("common:status.cancelled"), color: "--muted", values: column((b) => b.cancelled), dash: [2, 3] },
        ]}
        draw="lines"
      />
      <Plot
        title={t("plots.latency")}
        unit=" ms"
        hours={hours}
        lines={[
          { label: t("plots.p50"), color: "--accent", values: column((b) => b.p50_ms) },
          { label: t("plots.p95"), color: "--warn", values: column((b) => b.p95_ms), dash: [6, 3] },
        ]}
        draw="lines"
      />
    </div>
  );
}
