import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { ConditionEditor } from "@/conditions/condition-editor";
import { useTranslation } from "@/i18n/texts";
import { Button, IconButton } from "@/kit/button";
import { ConfirmDialog } from "@/kit/dialog";
import { FieldError, TextField } from "@/kit/field";
import type { Branch, Step } from "../model/definition";
import { addBranch, moveBranch, removeBranch, setBranch } from "../model/edit-branches";
import { problemsAt, useProblemsOf } from "../state/problems";
import { useBuilder } from "../state/store";
import { ownMessageAt } from "./messages";

/** The arms of a branch step: name, condition, order. The first whose condition holds is taken. */
export function BranchForm({ step, id }: { step: Step; id: string }) {
  const { t } = useTranslation("inspector");
  const edit = useBuilder((s) => s.edit);
  const canEdit = useBuilder((s) => s.canEdit);
  const problems = useProblemsOf("step", id);
  const branches = step.branches ?? [];
  const list = useRef<HTMLOListElement>(null);
  const goTo = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (goTo.current) {
      list.current?.querySelector<HTMLElement>(goTo.current)?.focus();
      goTo.current = undefined;
    }
  });
  const wrong = ownMessageAt(problems, "branches");

  return (
    <div className="flex min-w-0 flex-col gap-3" data-location="branches">
      <h3 className="font-semibold">{t("branch.arms")}</h3>
      {wrong ? <FieldError>{wrong}</FieldError> : null}
      <ol ref={list} className="flex min-w-0 flex-col gap-3">
        {branches.map((branch, index) => (
          <Arm
            // biome-ignore lint/suspicious/noArrayIndexKey: an arm has nothing else that tells it apart
            key={index}
            branch={branch}
            index={index}
            count={branches.length}
            readOnly={!canEdit}
            errors={problemsAt(problems, `branches[${index}].condition`)}
            onName={(name) =>
              edit(t("edit.armName"), (def) => setBranch(def, id, index, { name }), { key: `${id}:arm${index}.name` })
            }
            onCondition={(condition) =>
              edit(t("edit.armCondition"), (def) => setBranch(def, id, index, { condition }), {
                key: `${id}:arm${index}.condition`,
              })
            }
            onMove={(to) => {
              goTo.current = `[data-arm="${to}"] input`;
              edit(t("edit.armMove"), (def) => moveBranch(def, id, index, to));
            }}
            onRemove={() => {
              goTo.current = `[data-arm="${Math.max(0, index - 1)}"] input`;
              edit(t("edit.armRemove"), (def) => removeBranch(def, id, index));
            }}
          />
        ))}
      </ol>
      {canEdit ? (
        <Button
          small
          className="self-start"
          icon={<Plus aria-hidden className="size-4" />}
          onClick={() => {
            goTo.current = `[data-arm="${branches.length}"] input`;
            edit(t("edit.armAdd"), (def) => addBranch(def, id));
          }}
        >
          {t("branch.add")}
        </Button>
      ) : null}
      <p className="text-sm text-muted">{t("branch.otherwiseHelp")}</p>
    </div>
  );
}

interface ArmProps {
  branch: Branch;
  index: number;
  count: number;
  readOnly: boolean;
  errors: ReturnType<typeof problemsAt>;
  onName: (name: string) => void;
  onCondition: (condition: string) => void;
  onMove: (to: number) => void;
  onRemove: () => void;
}

function Arm({ branch, index, count, readOnly, errors, onName, onCondition, onMove, onRemove }: ArmProps) {
  const { t } = useTranslation("inspector");
  const [asking, setAsking] = useState(false);
  const name = branch.name || t("branch.arm", { number: index + 1 });
  const steps = branch.steps?.length ?? 0;
  return (
    <li className="flex min-w-0 flex-col gap-3 rounded-md border border-line p-3" data-arm={index} aria-label={name}>
      <div className="flex items-end gap-1" data-location={`branches[${index}].name`}>
        <TextField
          label={t("branch.name")}
          className="min-w-0 grow"
          placeholder={t("branch.namePlaceholder")}
          value={branch.name ?? ""}
          readOnly={readOnly}
          onChange={(e) => onName(e.target.value)}
        />
        {readOnly ? null : (
          <>
            <IconButton label={t("branch.up", { name })} disabled={index === 0} onClick={() => onMove(index - 1)}>
              <ArrowUp aria-hidden className="size-4" />
            </IconButton>
            <IconButton
              label={t("branch.down", { name })}
              disabled={index === count - 1}
              onClick={() => onMove(index + 1)}
            >
              <ArrowDown aria-hidden className="size-4" />
            </IconButton>
            <IconButton label={t("branch.remove", { name })} onClick={() => (steps > 0 ? setAsking(true) : onRemove())}>
              <Trash2 aria-hidden className="size-4" />
            </IconButton>
          </>
        )}
      </div>
      <div className="flex min-w-0 flex-col gap-1">
        <h4 className="font-medium">{t("branch.condition")}</h4>
        <ConditionEditor
          value={branch.condition ?? ""}
          onChange={onCondition}
          location={`branches[${index}].condition`}
          errors={errors}
          label={`${name}: ${t("branch.condition")}`}
          readOnly={readOnly}
          required
        />
        {(branch.condition ?? "").trim() === ""
          ? errors.map((e) => <FieldError key={e.message}>{e.message}</FieldError>)
          : null}
      </div>
      <ConfirmDialog
        open={asking}
        danger
        title={t("branch.removeTitle", { name })}
        text={t("branch.removeText", { count: steps })}
        confirm={t("branch.remove", { name })}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          onRemove();
        }}
      />
    </li>
  );
}
