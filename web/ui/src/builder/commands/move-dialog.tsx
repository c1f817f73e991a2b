import { Command } from "cmdk";
import { useLayoutEffect, useRef } from "react";
import { useTranslation } from "@/i18n/texts";
import { CommandList } from "@/kit/command-list";
import { Dialog } from "@/kit/dialog";
import { inputClasses } from "@/kit/field";
import { stepOf } from "../model/find";
import { useBuilder } from "../state/store";
import { useTitles } from "../titles";
import { type Target, targetsOf } from "./places";
import { useCommands } from "./provider";

/** Chooses where a step goes: the way without a mouse from anywhere to anywhere. */
export function MoveDialog({ id, onClose }: { id: string | undefined; onClose: () => void }) {
  const { t } = useTranslation("canvas");
  const { title } = useTitles();
  const type = useBuilder((s) => (id === undefined ? undefined : stepOf(s.doc.steps, id)?.type));
  const moved = useRef(false); // then its card gets the focus
  useLayoutEffect(() => {
    if (id !== undefined) {
      moved.current = false;
    }
  }, [id]);
  return (
    <Dialog
      open={id !== undefined}
      onClose={onClose}
      title={t("move.title", { name: title(type ?? "") })}
      size="medium"
      returnFocus={() => !moved.current}
    >
      {id === undefined ? null : (
        <Targets
          id={id}
          onMove={() => {
            moved.current = true;
            onClose();
          }}
        />
      )}
    </Dialog>
  );
}

function Targets({ id, onMove }: { id: string; onMove: () => void }) {
  const { t } = useTranslation("canvas");
  const doc = useBuilder((s) => s.doc);
  const { title, t: words } = useTitles();
  const commands = useCommands();
  function text(target: Target): string {
    const step = target.stepId === undefined ? undefined : stepOf(doc.steps, target.stepId);
    const name = title(step?.type ?? "");
    if (target.at === "after") {
      return t("move.after", { name, id: target.stepId });
    }
    if (target.arm) {
      return t("move.arm", {
        arm: target.arm.name || words("describe.arm", { number: target.arm.number }),
        id: target.stepId,
      });
    }
    return target.otherwise ? t("move.otherwise", { id: target.stepId }) : t("move.start");
  }
  return (
    <Command label={t("move.label")} loop className="flex flex-col gap-2">
      <Command.Input autoFocus className={inputClasses} placeholder={t("move.search")} />
      <CommandList label={t("move.label")} none={t("move.none")}>
        {targetsOf(doc, id).map((target) => (
          <Command.Item
            key={target.key}
            value={target.key}
            keywords={[text(target)]}
            className="flex min-h-9 cursor-pointer items-center rounded-md px-2 data-[selected=true]:bg-accent-soft"
            style={{ paddingInlineStart: `${0.5 + Math.min(target.depth, 8) * 1.25}rem` }}
            onSelect={() => {
              onMove();
              commands.moveTo(id, target.place);
            }}
          >
            {text(target)}
          </Command.Item>
        ))}
      </CommandList>
    </Command>
  );
}
