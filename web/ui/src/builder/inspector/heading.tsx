import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

/** The title of what is chosen, with its sign and one sentence. */
export function Heading({ icon: Icon, title, summary }: { icon: LucideIcon; title: string; summary?: ReactNode }) {
  return (
    <header className="flex items-start gap-2">
      <span className="mt-0.5 flex size-7 shrink-0 items-center justify-center rounded-md bg-accent-soft text-accent-strong">
        <Icon aria-hidden className="size-4" />
      </span>
      <div className="min-w-0">
        <h2 tabIndex={-1} className="text-lg font-semibold">
          {title}
        </h2>
        {summary ? <p className="text-sm text-muted">{summary}</p> : null}
      </div>
    </header>
  );
}
