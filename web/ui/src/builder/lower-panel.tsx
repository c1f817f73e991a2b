import { ChevronDown, CircleAlert, CircleCheck, FlaskConical, TriangleAlert } from "lucide-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "@/i18n/texts";
import { classes } from "@/kit/classes";
import { Skeleton } from "@/kit/state";
import { Problems } from "./problems";
import { useBuilder, useBuilderStore } from "./state/store";

const TestPanel = lazy(() => import("@/testrun/test-panel").then((m) => ({ default: m.TestPanel })));
const bodyId = "builder-lower-panel";

/** What is wrong and the test run, below the canvas; only its line of buttons while it is closed. */
export function LowerPanel() {
  const { t } = useTranslation("builder");
  const panel = useBuilder((s) => s.panel);
  const canEdit = useBuilder((s) => s.canEdit);
  return (
    <section aria-label={t("panel.label")} className="flex shrink-0 flex-col border-t border-line bg-surface">
      <div className="flex flex-wrap items-center gap-1 px-2">
        <Toggle name="problems">
          <Counts />
        </Toggle>
        {canEdit ? (
          <Toggle name="test">
            <FlaskConical aria-hidden className="size-4" />
            {t("panel.test")}
          </Toggle>
        ) : null}
      </div>
      {panel ? (
        <div
          id={bodyId}
          role="region"
          tabIndex={0}
          aria-label={t(`panel.${panel}`)}
          className={classes(
            "overflow-auto border-t border-line",
            panel === "test" ? "md:h-[42dvh]" : "md:max-h-[26dvh]",
          )}
        >
          {panel === "problems" ? (
            <Problems />
          ) : (
            <Suspense fallback={<Skeleton />}>
              <TestPanel />
            </Suspense>
          )}
        </div>
      ) : null}
    </section>
  );
}

function Toggle({ name, children }: { name: "problems" | "test"; children: React.ReactNode }) {
  const store = useBuilderStore();
  const open = useBuilder((s) => s.panel === name);
  return (
    <button
      type="button"
      aria-expanded={open}
      aria-controls={open ? bodyId : undefined}
      className="flex min-h-9 items-center gap-1.5 border-b-2 border-transparent px-2 text-sm text-muted hover:text-text aria-expanded:border-accent aria-expanded:font-medium aria-expanded:text-text"
      onClick={() => store.getState().setPanel(open ? null : name)}
    >
      {children}
      <ChevronDown aria-hidden className={classes("size-4", !open && "-rotate-90 rtl:rotate-90")} />
    </button>
  );
}

function Counts() {
  const { t } = useTranslation("builder");
  const problems = useBuilder((s) => s.problems.length);
  const warnings = useBuilder((s) => s.warnings.length);
  if (problems + warnings === 0) {
    return (
      <>
        <CircleCheck aria-hidden className="size-4 text-good" />
        {t("panel.problems")}
      </>
    );
  }
  return (
    <>
      {problems > 0 ? (
        <>
          <CircleAlert aria-hidden className="size-4 text-bad" />
          {t("panel.problemCount", { count: problems })}
        </>
      ) : null}
      {warnings > 0 ? (
        <>
          <TriangleAlert aria-hidden className="size-4 text-warn" />
          {t("panel.warningCount", { count: warnings })}
        </>
      ) : null}
    </>
  );
}
