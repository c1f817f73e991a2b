import type { LucideIcon } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { classes } from "@/kit/classes";
import { useFocusable } from "../commands/focus";

interface LineProps {
  id: string;
  chosen: boolean;
  Icon: LucideIcon;
  /** its number in running order */
  number?: number;
  title: ReactNode;
  text: string;
  signs?: ReactNode;
  off?: boolean;
  /** buttons beside it */
  tools?: ReactNode;
}

/** A line of the outline: a button that chooses it, and what can be done with it. */
export function Line({ id, chosen, Icon, number, title, text, signs, off, tools }: LineProps) {
  const focusable = useFocusable("outline", id);
  const { ref } = focusable;
  useEffect(() => {
    if (chosen && ref.current) {
      bringIntoView(ref.current);
    }
  }, [chosen, ref]);
  return (
    <div
      className={classes(
        "flex items-start rounded-md border",
        chosen ? "border-accent bg-accent-soft" : "border-transparent hover:bg-sunken",
      )}
    >
      <button
        type="button"
        {...focusable}
        aria-current={chosen ? "true" : undefined}
        className={classes(
          "flex min-h-9 min-w-0 grow items-start gap-2 rounded-md px-1.5 py-1.5 text-start",
          off && "text-muted",
        )}
      >
        <Icon aria-hidden className={classes("mt-0.5 size-4 shrink-0", off ? "text-muted" : "text-accent")} />
        <span className="flex min-w-0 grow flex-col">
          <span className="font-medium break-words">
            {number === undefined ? null : <span className="text-muted">{number} </span>}
            {title}
          </span>
          <span className="line-clamp-2 text-sm break-words text-muted">{text}</span>
          <span className="flex flex-wrap gap-1 empty:hidden">{signs}</span>
        </span>
      </button>
      <span className="flex shrink-0 p-0.5">{tools}</span>
    </div>
  );
}

// Scrolls the outline and nothing around it: on a narrow screen the page is to stay where it is.
function bringIntoView(line: HTMLElement) {
  let frame = line.parentElement;
  while (frame && !/auto|scroll/.test(getComputedStyle(frame).overflowY)) {
    frame = frame.parentElement;
  }
  if (!frame || frame === document.documentElement || frame === document.body) {
    return;
  }
  const [inner, outer] = [line.getBoundingClientRect(), frame.getBoundingClientRect()];
  if (inner.top < outer.top) {
    frame.scrollTop -= outer.top - inner.top + 8;
  } else if (inner.bottom > outer.bottom) {
    frame.scrollTop += inner.bottom - outer.bottom + 8;
  }
}
