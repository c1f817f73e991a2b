export const units = ["s", "m", "h", "d", "w"] as const;
export type Unit = (typeof units)[number];

/** A duration of a single part: 3d. */
export interface Simple {
  count: string;
  unit: Unit;
}

/** Reads 3d; undefined for 1d12h and for what is no duration: those are shown as text. */
export function simpleDuration(text: string): Simple | undefined {
  const found = /^\s*(\d{0,9})\s*([smhdw])\s*$/.exec(text);
  return found ? { count: found[1] ?? "", unit: found[2] as Unit } : undefined;
}

/** What is written for a number and a unit; empty without a number. */
export function printDuration({ count, unit }: Simple): string {
  const digits = count.trim();
  return digits === "" ? "" : `${digits}${unit}`;
}
