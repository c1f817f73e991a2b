import { useRef } from "react";
import { PreviewBatch } from "@/codes/preview-batch";
import { useTranslation } from "@/i18n/texts";
import { EmptyState } from "@/kit/state";
import { find } from "../model/find";
import { useBuilder } from "../state/store";
import { StepInspector } from "./step-inspector";
import "./texts";
import { TriggerInspector } from "./trigger-inspector";
import { useFocusField } from "./use-focus-field";

/** The form of what is chosen: the trigger with the workflow's condition, or a step. */
export function Inspector() {
  const root = useRef<HTMLDivElement>(null);
  useFocusField(root);
  return (
    <div ref={root} className="flex min-w-0 flex-col gap-4 p-4">
      <PreviewBatch>
        <Chosen />
      </PreviewBatch>
    </div>
  );
}

function Chosen() {
  const { t } = useTranslation("inspector");
  const selection = useBuilder((s) => s.selection);
  const step = useBuilder((s) => (s.selection.kind === "step" ? find(s.doc, s.selection.id)?.step : undefined));
  if (selection.kind === "trigger") {
    return <TriggerInspector />;
  }
  if (selection.kind === "step" && step) {
    return <StepInspector key={selection.id} step={step} id={selection.id} />;
  }
  return <EmptyState title={t("nothing.title")} text={t("nothing.text")} />;
}
