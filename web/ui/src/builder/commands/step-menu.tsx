import {
  ArrowDown,
  ArrowUp,
  ClipboardPaste,
  Copy,
  CopyPlus,
  CornerDownRight,
  Plus,
  Power,
  PowerOff,
  Scissors,
  Trash2,
} from "lucide-react";
import { useTranslation } from "@/i18n/texts";
import { MenuItem, MenuSeparator } from "@/kit/menu";
import type { Place } from "../model/definition";
import { useCommands } from "./provider";

const icon = "size-4 shrink-0";

interface StepMenuProps {
  id: string;
  /** behind the step */
  place: Place;
  disabled: boolean;
  /** leaves out what has buttons of its own beside it */
  short?: boolean;
}

/** The lines of a step's menu. */
export function StepMenuItems({ id, place, disabled, short }: StepMenuProps) {
  const { t } = useTranslation("canvas");
  const commands = useCommands();
  const before: Place = { list: place.list, index: place.index - 1 };
  return (
    <>
      {short ? null : (
        <MenuItem icon={<Plus aria-hidden className={icon} />} onSelect={() => commands.add(place)}>
          {t("tool.addAfter")}
        </MenuItem>
      )}
      <MenuItem icon={<Plus aria-hidden className={icon} />} onSelect={() => commands.add(before)}>
        {t("tool.addBefore")}
      </MenuItem>
      {short ? null : (
        <>
          <MenuItem icon={<CopyPlus aria-hidden className={icon} />} onSelect={() => commands.duplicate(id)}>
            {t("tool.duplicate")}
          </MenuItem>
          <MenuItem
            icon={disabled ? <Power aria-hidden className={icon} /> : <PowerOff aria-hidden className={icon} />}
            onSelect={() => commands.toggle(id)}
          >
            {disabled ? t("tool.enable") : t("tool.disable")}
          </MenuItem>
          <MenuSeparator />
          <MenuItem
            icon={<ArrowUp aria-hidden className={icon} />}
            disabled={!commands.canShift(id, -1)}
            onSelect={() => commands.shift(id, -1)}
          >
            {t("tool.up")}
          </MenuItem>
          <MenuItem
            icon={<ArrowDown aria-hidden className={icon} />}
            disabled={!commands.canShift(id, 1)}
            onSelect={() => commands.shift(id, 1)}
          >
            {t("tool.down")}
          </MenuItem>
        </>
      )}
      <MenuItem
        icon={<CornerDownRight aria-hidden className={icon} />}
        onSelect={() => commands.ask({ kind: "move", id })}
      >
        {t("tool.moveTo")}
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={<Scissors aria-hidden className={icon} />} onSelect={() => void commands.cut(id)}>
        {t("tool.cut")}
      </MenuItem>
      <MenuItem icon={<Copy aria-hidden className={icon} />} onSelect={() => void commands.copy(id)}>
        {t("tool.copy")}
      </MenuItem>
      <MenuItem icon={<ClipboardPaste aria-hidden className={icon} />} onSelect={() => void commands.paste(place)}>
        {t("tool.paste")}
      </MenuItem>
      {short ? null : (
        <>
          <MenuSeparator />
          <MenuItem danger icon={<Trash2 aria-hidden className={icon} />} onSelect={() => commands.remove(id)}>
            {t("tool.delete")}
          </MenuItem>
        </>
      )}
    </>
  );
}
