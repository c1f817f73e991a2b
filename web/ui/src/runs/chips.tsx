import { X } from "lucide-react";
import { useTranslation } from "@/i18n/texts";

export interface Chip {
  id: string;
  text: string;
  onRemove: () => void;
}

/** The filters in force, always visible; each can be taken away. */
export function Chips({ chips }: { chips: Chip[] }) {
  const { t } = useTranslation("runs");
  if (chips.length === 0) {
    return null;
  }
  return (
    <ul className="flex flex-wrap gap-2" aria-label={t("filters")}>
      {chips.map((chip) => (
        <li
          key={chip.id}
          className="inline-flex items-center gap-1 rounded-full bg-accent-soft ps-3 text-sm text-accent-strong"
        >
          {chip.text}
          <button
            type="button"
            aria-label={t("removeFilter", { filter: chip.text })}
            className="inline-flex size-7 items-center justify-center rounded-full hover:bg-surface"
            onClick={chip.onRemove}
          >
            <X aria-hidden className="size-3.5" />
          </button>
        </li>
      ))}
    </ul>
  );
}
