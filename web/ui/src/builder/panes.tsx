import { lazy, type ReactNode, Suspense } from "react";
import { useTranslation } from "@/i18n/texts";
import { useMedia } from "@/kit/media";
import { Split } from "@/kit/split";
import { Skeleton } from "@/kit/state";
import { inspectorId } from "./commands/page-keys";
import { Inspector } from "./inspector/inspector";
import { LowerPanel } from "./lower-panel";
import { Outline } from "./outline/outline";
import { useBuilder } from "./state/store";

const Canvas = lazy(() => import("./canvas/canvas").then((m) => ({ default: m.Canvas })));

/** Outline, canvas and inspector side by side with what is wrong below; on a narrow screen one below the other, without canvas. */
export function BuilderPanes() {
  const wide = useMedia("(min-width: 48rem)");
  return wide ? <Wide /> : <Narrow />;
}

function Wide() {
  const { t } = useTranslation("builder");
  const outline = useBuilder((s) => s.outline);
  const roomy = useMedia("(min-width: 80rem)");
  const canvas = (
    <Suspense fallback={<Skeleton />}>
      <Canvas />
    </Suspense>
  );
  return (
    <Split
      name="builder.inspector"
      label={t("pane.inspectorWidth")}
      start={roomy ? 400 : 330}
      min={280}
      max={720}
      side={<InspectorPane />}
    >
      <div className="flex min-h-0 min-w-0 grow flex-col">
        {outline ? (
          <Split
            name="builder.outline"
            label={t("pane.outlineWidth")}
            start={roomy ? 250 : 200}
            min={160}
            max={480}
            at="start"
            side={<OutlinePane />}
          >
            {canvas}
          </Split>
        ) : (
          <div className="flex min-h-0 min-w-0 grow flex-col">{canvas}</div>
        )}
        <LowerPanel />
      </div>
    </Split>
  );
}

function Narrow() {
  return (
    <div className="flex flex-col">
      <div className="max-h-[45dvh] shrink-0 overflow-auto border-b border-line-strong">
        <OutlinePane />
      </div>
      <InspectorPane />
      <LowerPanel />
    </div>
  );
}

function OutlinePane() {
  const { t } = useTranslation("builder");
  return (
    <Pane title={t("pane.outline")}>
      <Outline />
    </Pane>
  );
}

function InspectorPane() {
  const { t } = useTranslation("builder");
  return (
    <section id={inspectorId} aria-label={t("pane.inspector")} className="bg-surface md:min-h-full">
      <Inspector />
    </section>
  );
}

function Pane({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="bg-surface md:min-h-full">
      {children}
    </section>
  );
}
