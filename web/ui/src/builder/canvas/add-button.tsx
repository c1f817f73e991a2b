import { Plus } from "lucide-react";
import { useCommands } from "../commands/provider";
import type { Place } from "../model/definition";
import { useWords } from "../words";

/** The + on a line. The Tab key passes over it: each card's toolbar has the same command. */
export function AddButton({ place, label }: { place: Place; label: string }) {
  const { t } = useWords();
  const commands = useCommands();
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={label}
      title={t("add.button")}
      className="nopan absolute start-1/2 top-[calc(100%+15px)] flex size-6.5 -translate-x-1/2 items-center justify-center rounded-full border border-line-strong bg-surface text-muted hover:border-accent hover:bg-accent hover:text-on-accent focus-visible:border-accent"
      onClick={() => commands.add(place)}
    >
      <Plus aria-hidden className="size-4" />
    </button>
  );
}
