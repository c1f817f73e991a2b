/** A line of a map's form. Its id stays while name and value are typed. */
export interface Row {
  id: number;
  name: string;
  value: string;
}

let next = 1;

export function newRow(name = "", value = ""): Row {
  return { id: next++, name, value };
}

/** The lines of a map, in its order. */
export function rowsOf(value: unknown): Row[] {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.entries(value).map(([name, v]) => newRow(name, typeof v === "string" ? v : JSON.stringify(v)))
    : [];
}

/** The map that the lines say; undefined when they say nothing. Of one name twice the later counts. */
export function mapOf(rows: readonly Row[]): Record<string, string> | undefined {
  const named = rows.filter((r) => r.name.trim() !== "");
  return named.length > 0 ? Object.fromEntries(named.map((r) => [r.name.trim(), r.value])) : undefined;
}

/** Whether the lines say this map already, so that what is half typed may stay. */
export function says(rows: readonly Row[], value: unknown): boolean {
  return JSON.stringify(mapOf(rows) ?? {}) === JSON.stringify(value ?? {});
}

/** The ids of lines whose name stands again further down. */
export function doubled(rows: readonly Row[]): Set<number> {
  const last = new Map(rows.map((r) => [r.name.trim(), r.id]));
  return new Set(rows.filter((r) => r.name.trim() !== "" && last.get(r.name.trim()) !== r.id).map((r) => r.id));
}
