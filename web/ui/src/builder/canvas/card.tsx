import type { LucideIcon } from "lucide-react";
import { type ReactNode, useState } from "react";
import { classes } from "@/kit/classes";
import { useFocusable } from "../commands/focus";
import { useBuilder } from "../state/store";

interface CardProps {
  /** its name among all cards */
  id: string;
  chosen: boolean;
  Icon: LucideIcon;
  /** what the icon stands on */
  tone?: string;
  title: ReactNode;
  /** the lines below the title */
  children: ReactNode;
  className?: string;
  /** shown above it while it is chosen or pointed at, for who may edit */
  tools?: ReactNode;
  /** the + below it, for who may edit */
  add?: ReactNode;
}

/** A card of the canvas. All of its face is one button that chooses it. */
export function Card({
  id,
  chosen,
  Icon,
  tone = "bg-accent-soft text-accent",
  title,
  children,
  className,
  tools,
  add,
}: CardProps) {
  const focusable = useFocusable("canvas", id);
  const canEdit = useBuilder((s) => s.canEdit);
  const [pointed, setPointed] = useState(false);
  return (
    <div
      className="pointer-events-auto relative size-full"
      onPointerEnter={() => setPointed(true)}
      onPointerLeave={() => setPointed(false)}
    >
      <button
        type="button"
        {...focusable}
        aria-current={chosen ? "true" : undefined}
        className={classes(
          "flex size-full gap-3 rounded-lg border bg-surface p-3 text-start shadow-raised hover:border-accent",
          chosen ? "border-accent ring-2 ring-accent" : "border-line-strong",
          className,
        )}
      >
        <span aria-hidden className={classes("flex size-8 shrink-0 items-center justify-center rounded-md", tone)}>
          <Icon className="size-4.5" />
        </span>
        <span className="flex min-w-0 grow flex-col gap-0.5">
          <span className="truncate font-semibold">{title}</span>
          {children}
        </span>
      </button>
      {canEdit && (chosen || pointed) ? tools : null}
      {canEdit ? add : null}
    </div>
  );
}
