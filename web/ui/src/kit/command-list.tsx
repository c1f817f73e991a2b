import { Command, useCommandState } from "cmdk";
import type { ReactNode } from "react";

/** The list of a cmdk palette. When nothing fits it says so instead: a list box without options is none. */
export function CommandList({ label, none, children }: { label: string; none: string; children: ReactNode }) {
  const empty = useCommandState((state) => state.filtered.count === 0);
  return (
    <>
      <Command.List label={label} hidden={empty} className="min-h-40">
        {children}
      </Command.List>
      <p role="status" className={empty ? "min-h-40 px-2 py-6 text-center text-muted" : "sr-only"}>
        {empty ? none : ""}
      </p>
    </>
  );
}
