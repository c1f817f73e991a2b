import { Search } from "lucide-react";
import type { KeyboardEvent } from "react";
import { useTranslation } from "@/i18n/texts";
import { inputClasses } from "@/kit/field";

interface SearchFieldProps {
  value: string;
  onChange: (value: string) => void;
  /** the id of the list, and of its chosen row */
  list: string;
  row: string | undefined;
  /** by how many rows to move */
  onMove: (by: number) => void;
  onEnter: () => void;
}

const moves: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };

/** The field that finds codes. The arrow keys move in the list below while it has the focus. */
export function SearchField({ value, onChange, list, row, onMove, onEnter }: SearchFieldProps) {
  const { t } = useTranslation("codes");
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) {
      return;
    }
    const by = moves[event.key];
    if (by !== undefined) {
      event.preventDefault();
      onMove(by);
    } else if (event.key === "Enter") {
      event.preventDefault();
      onEnter();
    }
  };
  return (
    <div className="relative">
      <Search aria-hidden className="absolute start-2.5 top-2.5 size-4 text-muted" />
      <input
        // biome-ignore lint/a11y/noAutofocus: the dialog is opened to search
        autoFocus
        role="combobox"
        aria-label={t("picker.search")}
        aria-expanded={row !== undefined}
        aria-autocomplete="list"
        aria-controls={row === undefined ? undefined : list}
        aria-activedescendant={row}
        autoComplete="off"
        spellCheck={false}
        placeholder={t("picker.searchHint")}
        className={`${inputClasses} ps-8`}
        value={value}
        onChange={(e) => onChange(e.target.value)}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}
