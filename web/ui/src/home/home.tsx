import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { overviewQuery } from "@/api/queries/overview";
import { addTexts, useTranslation } from "@/i18n/texts";
import { inputClasses } from "@/kit/field";
import { Page, Section } from "@/kit/page";
import { ErrorState, Skeleton } from "@/kit/state";
import { Time } from "@/kit/time";
import en from "@/locales/en/home.json";
import { AttentionList } from "./attention";
import { DemoLinks } from "./demo-links";
import { TopErrors } from "./top-errors";
import { Totals } from "./totals";

addTexts("home", en);

const Plots = lazy(() => import("./plots").then((m) => ({ default: m.Plots })));

const spans = [24, 72, 168];

/** The first look: what needs a person, then how it goes. */
export function Home({ hours, onHours }: { hours: number; onHours: (hours: number) => void }) {
  const { t } = useTranslation("home");
  const overview = useQuery(overviewQuery(hours));
  if (overview.isPending) {
    return (
      <Page title={t("title")}>
        <Skeleton lines={8} />
      </Page>
    );
  }
  if (overview.isError && !overview.data) {
    return (
      <Page title={t("title")}>
        <ErrorState error={overview.error} onRetry={() => void overview.refetch()} />
      </Page>
    );
  }
  const o = overview.data;
  return (
    <Page
      title={t("title")}
      actions={
        <label className="flex items-center gap-2 text-sm">
          {t("span")}
          <select className={inputClasses} value={hours} onChange={(e) => onHours(Number(e.target.value))}>
            {spans.map((h) => (
              <option key={h} value={h}>
                {t(`spans.${h}`)}
              </option>
            ))}
          </select>
        </label>
      }
    >
      <Section title={t("attention.title")}>
        <AttentionList items={o.attention} />
      </Section>
      <DemoLinks />
      <Totals totals={o.totals} queue={o.queue} />
      <Suspense fallback={<Skeleton lines={6} />}>
        <Plots series={o.series} />
      </Suspense>
      <Section title={t("errors.title")}>
        <TopErrors errors={o.top_errors} />
      </Section>
      <p className="text-sm text-muted">
        {t("database", { size: Math.max(1, Math.round(o.database_bytes / 1e6)) })} {t("asOf")}{" "}
        <Time at={new Date(overview.dataUpdatedAt).toISOString()} seconds />
      </p>
    </Page>
  );
}
