import { Plus, Zap } from "lucide-react";
import { useId } from "react";
import { useTranslation } from "@/i18n/texts";
import { Button, IconButton } from "@/kit/button";
import { AuthenticationSign, ProblemSigns } from "../canvas/signs";
import { useCommands } from "../commands/provider";
import "../commands/texts";
import { useTwin } from "../commands/use-twin";
import { useBuilder } from "../state/store";
import { useTriggerView } from "../step-view";
import { Line } from "./line";
import { Steps } from "./steps";

/** The workflow as a nested list: the canvas' equal twin, for keyboard, screen reader and narrow screens. */
export function Outline() {
  const { t } = useTranslation("canvas");
  const { region } = useTwin("outline");
  const hint = useId();
  const steps = useBuilder((s) => s.doc.steps);
  const canEdit = useBuilder((s) => s.canEdit);
  const commands = useCommands();
  return (
    <div
      role="group"
      aria-label={t("outline.label")}
      aria-describedby={hint}
      className="flex flex-col gap-1 p-2"
      {...region}
    >
      <h2 className="px-1 text-sm font-semibold text-muted">{t("outline.label")}</h2>
      <p id={hint} className="sr-only">
        {t("outline.hint")}
      </p>
      <Trigger />
      {steps.length > 0 ? (
        <Steps steps={steps} list={root} first={1} off={false} />
      ) : (
        <p className="px-2 py-1 text-muted">{t("outline.empty")}</p>
      )}
      {canEdit ? (
        <Button
          small
          look="quiet"
          className="self-start text-muted"
          icon={<Plus aria-hidden className="size-4" />}
          onClick={() => commands.add({ list: root, index: steps.length })}
        >
          {t("add.button")}
        </Button>
      ) : null}
    </div>
  );
}

const root = { in: "root" } as const;

function Trigger() {
  const { t } = useTranslation("canvas");
  const view = useTriggerView();
  const chosen = useBuilder((s) => s.selection.kind === "trigger");
  const canEdit = useBuilder((s) => s.canEdit);
  const commands = useCommands();
  return (
    <Line
      id="trigger"
      chosen={chosen}
      Icon={Zap}
      title={view.title}
      text={view.always ? view.condition : t("trigger.if", { condition: view.condition })}
      signs={
        <>
          <ProblemSigns kind="trigger" />
          {view.store ? <AuthenticationSign name={view.store} known /> : null}
        </>
      }
      tools={
        canEdit ? (
          <IconButton label={t("add.start")} onClick={() => commands.add({ list: root, index: 0 })}>
            <Plus aria-hidden className="size-4" />
          </IconButton>
        ) : null
      }
    />
  );
}
