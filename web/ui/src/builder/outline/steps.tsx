import { CornerDownRight, Ellipsis, Plus } from "lucide-react";
import { memo } from "react";
import { IconButton } from "@/kit/button";
import { Menu } from "@/kit/menu";
import { TestChip } from "@/testrun/test-chip";
import { AuthenticationSign, OffSign, ProblemSigns } from "../canvas/signs";
import { useCommands } from "../commands/provider";
import { StepMenuItems } from "../commands/step-menu";
import { armKey } from "../commands/walk";
import type { Branch, ListRef, Step } from "../model/definition";
import { describeArm } from "../model/describe";
import { isDisabled } from "../model/edit-steps";
import { listKey, sizeOf } from "../model/find";
import { iconOf } from "../palette/kinds";
import { useBuilder } from "../state/store";
import { useStepView } from "../step-view";
import { useWords } from "../words";
import { Line } from "./line";

interface StepsProps {
  steps: readonly Step[];
  list: ListRef;
  /** the number of the first one in running order */
  first: number;
  /** a branch around them is switched off */
  off: boolean;
}

/** Steps one after the other. */
export function Steps({ steps, list, first, off }: StepsProps) {
  let number = first;
  const numbers = steps.map((step) => {
    const own = number;
    number += sizeOf(step);
    return own;
  });
  return (
    <ol className="flex flex-col gap-0.5">
      {steps.map((step, index) => (
        <li key={step.id}>
          <StepLine step={step} list={list} index={index} number={numbers[index] ?? 0} off={off || isDisabled(step)} />
          {step.type === "branch" ? (
            <Arms step={step} first={(numbers[index] ?? 0) + 1} off={off || isDisabled(step)} />
          ) : null}
        </li>
      ))}
    </ol>
  );
}

interface StepLineProps {
  step: Step;
  list: ListRef;
  index: number;
  number: number;
  off: boolean;
}

const StepLine = memo(function StepLine({ step, list, index, number, off }: StepLineProps) {
  const { t } = useWords();
  const view = useStepView(step);
  const id = step.id ?? "";
  const chosen = useBuilder((s) => s.selection.kind === "step" && s.selection.id === id);
  const canEdit = useBuilder((s) => s.canEdit);
  return (
    <Line
      id={`step:${id}`}
      chosen={chosen}
      Icon={iconOf(step.type ?? "")}
      number={number}
      title={
        <>
          {view.title} <span className="font-mono text-sm font-normal text-muted">{id}</span>
        </>
      }
      text={view.summary}
      off={off}
      signs={
        <>
          {isDisabled(step) ? <OffSign /> : null}
          <ProblemSigns kind="step" id={id} />
          <TestChip stepId={id} />
          {view.authentication ? <AuthenticationSign {...view.authentication} /> : null}
        </>
      }
      tools={
        canEdit ? (
          <Menu
            trigger={
              <IconButton label={t("tool.label", { name: `${number} ${view.title}` })}>
                <Ellipsis aria-hidden className="size-4" />
              </IconButton>
            }
          >
            <StepMenuItems id={id} place={{ list, index: index + 1 }} disabled={isDisabled(step)} />
          </Menu>
        ) : null
      }
    />
  );
}, sameLine);

// A list is named anew each time.
function sameLine(a: StepLineProps, b: StepLineProps): boolean {
  return (
    a.step === b.step &&
    a.index === b.index &&
    a.number === b.number &&
    a.off === b.off &&
    listKey(a.list) === listKey(b.list)
  );
}

const Arms = memo(function Arms({ step, first, off }: { step: Step; first: number; off: boolean }) {
  const id = step.id ?? "";
  let number = first;
  const arms: { branch?: Branch; steps: Step[]; list: ListRef; first: number }[] = [];
  for (const [index, branch] of (step.branches ?? []).entries()) {
    arms.push({ branch, steps: branch.steps ?? [], list: { in: "branch", step: id, branch: index }, first: number });
    number += (branch.steps ?? []).reduce((sum, s) => sum + sizeOf(s), 0);
  }
  arms.push({ steps: step.otherwise ?? [], list: { in: "otherwise", step: id }, first: number });
  return (
    <ul className="ms-3.5 flex flex-col gap-0.5 border-s-2 border-line ps-1.5">
      {arms.map((arm, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an arm has no id; its place names it
        <li key={index}>
          <Arm step={step} index={index} off={off} {...arm} />
        </li>
      ))}
    </ul>
  );
});

interface ArmProps {
  step: Step;
  index: number;
  branch?: Branch;
  steps: Step[];
  list: ListRef;
  first: number;
  off: boolean;
}

function Arm({ step, index, branch, steps, list, first, off }: ArmProps) {
  const { t, titles } = useWords();
  const canEdit = useBuilder((s) => s.canEdit);
  const commands = useCommands();
  const name = branch ? branch.name || titles.t("describe.arm", { number: index + 1 }) : t("arm.otherwise");
  return (
    <>
      <Line
        id={armKey(step.id ?? "", branch ? index : "otherwise")}
        chosen={false}
        Icon={CornerDownRight}
        title={name}
        text={branch ? describeArm(branch, titles) : t("arm.when")}
        off={off}
        tools={
          canEdit ? (
            <IconButton label={t("add.arm", { name })} onClick={() => commands.add({ list, index: 0 })}>
              <Plus aria-hidden className="size-4" />
            </IconButton>
          ) : null
        }
      />
      {steps.length > 0 ? (
        <div className="ms-3">
          <Steps steps={steps} list={list} first={first} off={off} />
        </div>
      ) : null}
    </>
  );
}
