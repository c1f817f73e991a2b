/** The look of a field in a row: as wide as it needs to be, beside its neighbours. */
export const smallField =
  "min-h-8 min-w-0 rounded-md border border-line-strong bg-surface px-2 py-0.5 text-text aria-invalid:border-bad disabled:bg-sunken disabled:text-muted";
