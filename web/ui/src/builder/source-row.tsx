import { Check } from "lucide-react";
import type { ReactNode } from "react";

interface Props {
  chosen: boolean;
  title: string;
  onChoose: () => void;
  /** what stands at the end of the line */
  children?: ReactNode;
}

/** A line of the choice of events and samples. */
export function SourceRow({ chosen, title, onChoose, children }: Props) {
  return (
    <button
      type="button"
      aria-pressed={chosen}
      onClick={onChoose}
      className="flex min-h-9 w-full flex-wrap items-center gap-2 rounded-md border border-line px-2.5 py-1 text-start hover:bg-sunken aria-pressed:border-accent aria-pressed:bg-accent-soft"
    >
      <Check aria-hidden className={`size-4 shrink-0 text-accent ${chosen ? "" : "invisible"}`} />
      <span className="min-w-0 grow font-medium break-words">{title}</span>
      <span className="text-sm text-muted">{children}</span>
    </button>
  );
}
