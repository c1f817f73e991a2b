import { type KeyboardEvent, type PointerEvent, type ReactNode, useState } from "react";

interface SplitProps {
  /** what the divider changes, for screen readers */
  label: string;
  /** the pane at the end of the line, whose width changes */
  side: ReactNode;
  children: ReactNode;
  start?: number;
  min?: number;
  max?: number;
  /** remembers the width in this browser */
  name: string;
  /** "end": the changing pane stands at the right (in English) */
  at?: "start" | "end";
}

const step = 24; // px for an arrow key

/** Two panes with a divider between them that mouse, touch and arrow keys move. */
export function Split({ label, side, children, start = 320, min = 200, max = 640, name, at = "end" }: SplitProps) {
  const key = `cartwheel.split.${name}`;
  const [width, setWidth] = useState(() => clamp(Number(localStorage.getItem(key)) || start, min, max));
  function change(next: number) {
    const kept = clamp(next, min, max);
    setWidth(kept);
    localStorage.setItem(key, String(kept));
  }
  function onKeyDown(event: KeyboardEvent) {
    const grow = at === "end" ? "ArrowLeft" : "ArrowRight";
    const shrink = at === "end" ? "ArrowRight" : "ArrowLeft";
    if (event.key === grow || event.key === shrink) {
      event.preventDefault();
      change(width + (event.key === grow ? step : -step));
    }
  }
  function onPointerDown(event: PointerEvent<HTMLDivElement>) {
    const handle = event.currentTarget;
    const from = event.clientX;
    handle.setPointerCapture(event.pointerId);
    handle.onpointermove = (move) => change(width + (at === "end" ? from - move.clientX : move.clientX - from));
    handle.onpointerup = () => {
      handle.onpointermove = null;
    };
  }
  const divider = (
    <div
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation="vertical"
      aria-valuenow={width}
      aria-valuemin={min}
      aria-valuemax={max}
      className="w-1.5 shrink-0 cursor-col-resize touch-none bg-line hover:bg-accent focus-visible:bg-accent"
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
    />
  );
  const pane = (
    <div className="min-h-0 shrink-0 overflow-auto" style={{ width }}>
      {side}
    </div>
  );
  return (
    <div className="flex min-h-0 min-w-0 grow">
      {at === "start" ? pane : null}
      {at === "start" ? divider : null}
      <div className="flex min-h-0 min-w-0 grow flex-col">{children}</div>
      {at === "end" ? divider : null}
      {at === "end" ? pane : null}
    </div>
  );
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
