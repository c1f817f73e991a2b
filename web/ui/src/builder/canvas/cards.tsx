import type { NodeProps } from "@xyflow/react";
import { ClipboardPaste, Flag, Plus, Store, Zap } from "lucide-react";
import { memo, useState } from "react";
import { classes } from "@/kit/classes";
import { TestChip } from "@/testrun/test-chip";
import { useFocusable } from "../commands/focus";
import { useCommands } from "../commands/provider";
import type { Place } from "../model/definition";
import { describeArm } from "../model/describe";
import { isDisabled } from "../model/edit-steps";
import { iconOf } from "../palette/kinds";
import { useBuilder } from "../state/store";
import { useStepView, useTriggerView } from "../step-view";
import { useWords } from "../words";
import { AddButton } from "./add-button";
import { Card } from "./card";
import type { ArmBox, PointBox, StepBox, TriggerBox } from "./layout";
import type { CardNode } from "./nodes";
import { AuthenticationSign, OffSign, ProblemSigns, Sign, WaitSign } from "./signs";
import { StepTools, Tool, Toolbar } from "./toolbar";

type Props = NodeProps<CardNode>;

// A card that only moved is not drawn again: its wrapper moves.
const sameData = (a: Props, b: Props) => a.data === b.data;

const useChosen = (id: string) => useBuilder((s) => s.selection.kind === "step" && s.selection.id === id);

/** What starts the workflow, with its condition. */
export const TriggerNode = memo(function TriggerNode({ data }: Props) {
  const box = data.box as TriggerBox;
  const { t } = useWords();
  const view = useTriggerView();
  const chosen = useBuilder((s) => s.selection.kind === "trigger");
  const place = box.place as Place;
  return (
    <Card
      id="trigger"
      chosen={chosen}
      Icon={Zap}
      tone="bg-accent text-on-accent"
      title={view.title}
      tools={<PlaceTools place={place} name={view.title} />}
      add={<AddButton place={place} label={t("add.start")} />}
    >
      <span className="line-clamp-2 text-sm break-words text-muted" title={view.condition}>
        {view.always ? view.condition : t("trigger.if", { condition: view.condition })}
      </span>
      <span className="mt-auto flex min-w-0 gap-1 overflow-hidden">
        <ProblemSigns kind="trigger" short />
        {view.store ? (
          <Sign tone="min-w-8 shrink! bg-sunken text-muted" title={view.store}>
            <Store aria-hidden className="size-3.5 shrink-0" />
            <span className="truncate">{view.store}</span>
          </Sign>
        ) : null}
        {view.oncePer ? (
          <Sign tone="bg-sunken text-muted" title={view.oncePer}>
            {view.oncePer}
          </Sign>
        ) : null}
      </span>
    </Card>
  );
}, sameData);

/** A step. */
export const StepNode = memo(function StepNode({ data }: Props) {
  const box = data.box as StepBox;
  const { t } = useWords();
  const view = useStepView(box.step);
  const id = box.step.id ?? "";
  const chosen = useChosen(id);
  return (
    <Card
      id={box.key}
      chosen={chosen}
      Icon={iconOf(box.step.type ?? "")}
      title={
        <>
          {view.title} <span className="font-mono text-sm font-normal text-muted">{id}</span>
        </>
      }
      className={box.off ? "border-dashed bg-sunken! shadow-none" : undefined}
      tone={box.off ? "bg-surface text-muted" : undefined}
      tools={<StepTools box={box} name={view.title} />}
      add={box.place ? <AddButton place={box.place} label={t("add.after", { name: view.title })} /> : null}
    >
      <span className="truncate text-sm text-muted" title={view.summary}>
        {view.summary}
      </span>
      <span className="mt-auto flex min-w-0 gap-1 overflow-hidden">
        {isDisabled(box.step) ? <OffSign /> : null}
        <ProblemSigns kind="step" id={id} short />
        <TestChip stepId={id} />
        {view.authentication ? <AuthenticationSign {...view.authentication} /> : null}
        {box.off ? null : <WaitSign wait={data.wait} />}
      </span>
    </Card>
  );
}, sameData);

/** The head of one way of a branch: its name and condition. */
export const ArmNode = memo(function ArmNode({ data }: Props) {
  const box = data.box as ArmBox;
  const { t, titles } = useWords();
  const focusable = useFocusable("canvas", box.key);
  const canEdit = useBuilder((s) => s.canEdit);
  const active = useBuilder((s) => s.selection.kind === "step" && s.selection.id === box.step.id);
  const [pointed, setPointed] = useState(false);
  const name = box.branch ? box.branch.name || titles.t("describe.arm", { number: box.index + 1 }) : t("arm.otherwise");
  const condition = box.branch ? describeArm(box.branch, titles) : t("arm.when");
  const place = box.place as Place;
  return (
    <div
      className="pointer-events-auto relative size-full"
      onPointerEnter={() => setPointed(true)}
      onPointerLeave={() => setPointed(false)}
    >
      <button
        type="button"
        {...focusable}
        className={classes(
          "flex size-full flex-col justify-center rounded-full border border-line-strong bg-surface px-5 text-center hover:border-accent",
          box.off && "border-dashed bg-sunken!",
        )}
      >
        <span className="w-full truncate text-sm font-semibold">{name}</span>
        <span className="w-full truncate text-xs text-muted" title={condition}>
          {condition}
        </span>
      </button>
      {canEdit && (pointed || (active && focusable.tabIndex === 0)) ? <PlaceTools place={place} name={name} /> : null}
      {canEdit ? <AddButton place={place} label={t("add.arm", { name })} /> : null}
    </div>
  );
}, sameData);

/** Where the ways of a branch meet again. */
export const JoinNode = memo(function JoinNode({ data }: Props) {
  const box = data.box as PointBox;
  const { t } = useWords();
  const canEdit = useBuilder((s) => s.canEdit);
  return (
    <div className="pointer-events-auto relative flex size-full items-center justify-center">
      <span aria-hidden className="size-2.5 rounded-full border-2 border-line-strong bg-surface" />
      {canEdit && box.place ? (
        <AddButton place={box.place} label={t("add.afterBranch", { name: box.step?.id })} />
      ) : null}
    </div>
  );
}, sameData);

/** Where a run has succeeded. */
export const EndNode = memo(function EndNode() {
  const { t } = useWords();
  return (
    <div className="flex size-full items-center justify-center gap-1 rounded-full border border-line-strong bg-surface text-sm text-muted">
      <Flag aria-hidden className="size-3.5" />
      {t("end")}
    </div>
  );
}, sameData);

// What can be done where a list of steps begins.
function PlaceTools({ place, name }: { place: Place; name: string }) {
  const { t } = useWords();
  const commands = useCommands();
  return (
    <Toolbar name={name}>
      <Tool label={t("tool.addFirst")} onClick={() => commands.add(place)}>
        <Plus aria-hidden className="size-4" />
      </Tool>
      <Tool label={t("tool.pasteFirst")} onClick={() => void commands.paste(place)}>
        <ClipboardPaste aria-hidden className="size-4" />
      </Tool>
    </Toolbar>
  );
}
