import { ArrowDown, ArrowUp, CopyPlus, Ellipsis, Plus, Power, PowerOff, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { IconButton } from "@/kit/button";
import { Menu } from "@/kit/menu";
import { useCommands } from "../commands/provider";
import { StepMenuItems } from "../commands/step-menu";
import type { Place } from "../model/definition";
import { isDisabled } from "../model/edit-steps";
import { useWords } from "../words";
import type { StepBox } from "./layout";

const icon = "size-4";

/** Buttons above a card. They keep their size when the canvas is zoomed out. */
export function Toolbar({ name, children }: { name: string; children: ReactNode }) {
  const { t } = useWords();
  return (
    <div
      role="toolbar"
      aria-label={t("tool.label", { name })}
      className="nopan absolute start-[calc(50%+20px)] bottom-[calc(100%-10px)] z-10 flex origin-bottom-left scale-(--unzoom,1) rounded-md border border-line-strong bg-surface p-px shadow-raised"
    >
      {children}
    </div>
  );
}

/** One button of a toolbar. */
export function Tool({
  label,
  onClick,
  disabled,
  children,
}: {
  label: string;
  onClick: () => void;
  disabled?: boolean;
  children: ReactNode;
}) {
  return (
    <IconButton label={label} onClick={onClick} disabled={disabled} className="size-7!">
      {children}
    </IconButton>
  );
}

/** What can be done with a step. */
export function StepTools({ box, name }: { box: StepBox; name: string }) {
  const { t } = useWords();
  const commands = useCommands();
  const id = box.step.id ?? "";
  const disabled = isDisabled(box.step);
  const after: Place = { list: box.list, index: box.index + 1 };
  return (
    <Toolbar name={name}>
      <Tool label={t("tool.addAfter")} onClick={() => commands.add(after)}>
        <Plus aria-hidden className={icon} />
      </Tool>
      <Tool label={t("tool.up")} disabled={!commands.canShift(id, -1)} onClick={() => commands.shift(id, -1)}>
        <ArrowUp aria-hidden className={icon} />
      </Tool>
      <Tool label={t("tool.down")} disabled={!commands.canShift(id, 1)} onClick={() => commands.shift(id, 1)}>
        <ArrowDown aria-hidden className={icon} />
      </Tool>
      <Tool label={t("tool.duplicate")} onClick={() => commands.duplicate(id)}>
        <CopyPlus aria-hidden className={icon} />
      </Tool>
      <Tool label={disabled ? t("tool.enable") : t("tool.disable")} onClick={() => commands.toggle(id)}>
        {disabled ? <Power aria-hidden className={icon} /> : <PowerOff aria-hidden className={icon} />}
      </Tool>
      <Tool label={t("tool.delete")} onClick={() => commands.remove(id)}>
        <Trash2 aria-hidden className={icon} />
      </Tool>
      <Menu
        trigger={
          <IconButton label={t("tool.more", { name })} className="size-7!">
            <Ellipsis aria-hidden className={icon} />
          </IconButton>
        }
      >
        <StepMenuItems id={id} place={after} disabled={disabled} short />
      </Menu>
    </Toolbar>
  );
}
