import type { Branch, Definition, ListRef, Place, Step } from "../model/definition";
import { isDisabled } from "../model/edit-steps";

/** The sizes of the cards. They are fixed, so that the whole picture is known before anything is drawn. */
export const sizes = {
  trigger: { width: 264, height: 114 },
  step: { width: 264, height: 94 },
  arm: { width: 220, height: 52 },
  join: { width: 12, height: 12 },
  end: { width: 84, height: 30 },
} as const;

/** Between a card and the next one below it: room for the + button. */
export const gap = 56;
const columnGap = 24;
const corner = 10;

interface Frame {
  /** unique in the picture, also when a draft gives two steps one id */
  key: string;
  x: number;
  y: number;
  width: number;
  height: number;
  /** where the + below it adds a step */
  place?: Place;
}

export interface TriggerBox extends Frame {
  kind: "trigger";
}

export interface StepBox extends Frame {
  kind: "step";
  step: Step;
  /** from 1, in running order */
  number: number;
  depth: number;
  list: ListRef;
  index: number;
  count: number;
  /** switched off, itself or with a branch around it */
  off: boolean;
}

export interface ArmBox extends Frame {
  kind: "arm";
  step: Step;
  /** undefined: the steps when no condition holds */
  branch?: Branch;
  /** which of the branches; the number of branches for "otherwise" */
  index: number;
  off: boolean;
}

export interface PointBox extends Frame {
  kind: "join" | "end";
  step?: Step;
}

export type Box = TriggerBox | StepBox | ArmBox | PointBox;

export interface Picture {
  /** in running order: the order of the Tab key and of a screen reader */
  boxes: Box[];
  /** all lines as one SVG path */
  lines: string;
  width: number;
  height: number;
  steps: number;
}

/**
 * Where every card stands. A workflow is a list whose branches rejoin, so columns side by side are enough: a general
 * graph layout takes a quarter of a second for 200 steps and puts branches out of their order.
 */
export function layout(def: Pick<Definition, "steps">): Picture {
  const drawing = new Drawing();
  const root = measure(def.steps ?? []);
  const width = Math.max(root.width, sizes.trigger.width);
  const axis = width / 2;
  drawing.add({
    kind: "trigger",
    key: "trigger",
    ...box(sizes.trigger, axis, 0),
    place: { list: { in: "root" }, index: 0 },
  });
  const end = drawing.list(root, { in: "root" }, axis, sizes.trigger.height, { depth: 0, off: false });
  drawing.line(axis, end, axis, end + gap);
  drawing.add({ kind: "end", key: "end", ...box(sizes.end, axis, end + gap) });
  return {
    boxes: drawing.boxes,
    lines: drawing.path,
    width,
    height: end + gap + sizes.end.height,
    steps: drawing.count,
  };
}

function box(size: { width: number; height: number }, axis: number, y: number) {
  return { ...size, x: axis - size.width / 2, y };
}

interface Measured {
  width: number;
  rows: { step: Step; arms: Measured[]; width: number }[];
}

function measure(steps: Step[]): Measured {
  const rows = steps.map((step) => {
    const arms = step.type === "branch" ? listsOf(step).map(measure) : [];
    const width = arms.reduce(
      (sum, arm) => sum + Math.max(arm.width, sizes.arm.width),
      columnGap * Math.max(0, arms.length - 1),
    );
    return { step, arms, width: Math.max(width, sizes.step.width) };
  });
  return { rows, width: rows.reduce((widest, row) => Math.max(widest, row.width), 0) };
}

/** The lists of steps in a branch, "otherwise" last. */
export function listsOf(step: Step): Step[][] {
  return [...(step.branches ?? []).map((b) => b.steps ?? []), step.otherwise ?? []];
}

/** What a list inherits from what is around it. */
interface Around {
  depth: number;
  off: boolean;
}

class Drawing {
  readonly boxes: Box[] = [];
  path = "";
  count = 0;
  private readonly keys = new Set<string>();

  add(next: Box) {
    let key = next.key;
    for (let n = 2; this.keys.has(key); n++) {
      key = `${next.key}#${n}`;
    }
    this.keys.add(key);
    this.boxes.push({ ...next, key });
  }

  /** Draws a list below y, and returns where its last line begins. */
  list(of: Measured, list: ListRef, axis: number, y: number, around: Around): number {
    let at = y;
    of.rows.forEach((row, index) => {
      this.line(axis, at, axis, at + gap);
      at += gap;
      const place = { list, index: index + 1 };
      const id = row.step.id ?? "";
      this.count++;
      const off = around.off || isDisabled(row.step);
      this.add({
        kind: "step",
        key: `step:${id}`,
        step: row.step,
        number: this.count,
        depth: around.depth,
        list,
        index,
        count: of.rows.length,
        off,
        ...box(sizes.step, axis, at),
        place: row.arms.length ? undefined : place,
      });
      at += sizes.step.height;
      if (row.arms.length) {
        at = this.branch(row.step, row.arms, axis, at, { depth: around.depth + 1, off });
        this.add({ kind: "join", key: `join:${id}`, step: row.step, ...box(sizes.join, axis, at), place });
        at += sizes.join.height;
      }
    });
    return at;
  }

  /** Draws the arms of a branch side by side, and returns where they have rejoined. */
  private branch(step: Step, arms: Measured[], axis: number, y: number, inside: Around): number {
    const widths = arms.map((arm) => Math.max(arm.width, sizes.arm.width));
    const total = widths.reduce((sum, w) => sum + w, columnGap * (arms.length - 1));
    const id = step.id ?? "";
    let left = axis - total / 2;
    const ends = arms.map((arm, index) => {
      const width = widths[index] ?? 0;
      const middle = left + width / 2;
      left += width + columnGap;
      const branch = step.branches?.[index];
      const list: ListRef = branch ? { in: "branch", step: id, branch: index } : { in: "otherwise", step: id };
      const key = branch ? `arm:${id}:${index}` : `arm:${id}:otherwise`;
      this.bend(axis, y, middle, y + gap, gap / 2);
      this.add({
        kind: "arm",
        key,
        step,
        branch,
        index,
        off: inside.off,
        ...box(sizes.arm, middle, y + gap),
        place: { list, index: 0 },
      });
      return { middle, y: this.list(arm, list, middle, y + gap + sizes.arm.height, inside) };
    });
    const bottom = Math.max(...ends.map((e) => e.y)) + gap;
    for (const e of ends) {
      // Down to the row where all meet, then to the middle: the + stands above that row.
      this.line(e.middle, e.y, e.middle, bottom - corner);
      this.bend(e.middle, bottom - corner, axis, bottom + corner, corner);
    }
    return bottom + corner;
  }

  line(x1: number, y1: number, x2: number, y2: number) {
    this.path += `M${x1} ${y1}L${x2} ${y2}`;
  }

  /** A line that goes down, across at a height below y1, and down again, with round corners. */
  private bend(x1: number, y1: number, x2: number, y2: number, across: number) {
    const way = Math.sign(x2 - x1);
    const r = Math.min(corner, Math.abs(x2 - x1) / 2, across);
    if (way === 0) {
      this.line(x1, y1, x2, y2);
      return;
    }
    const y = y1 + across;
    this.path += `M${x1} ${y1}V${y - r}Q${x1} ${y} ${x1 + way * r} ${y}H${x2 - way * r}Q${x2} ${y} ${x2} ${y + r}V${y2}`;
  }
}
