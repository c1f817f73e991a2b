import { useId } from "react";
import { useTranslation } from "@/i18n/texts";
import { type OpenRuns, waitingIn } from "./open-runs";

interface Props {
  open: OpenRuns[];
  cancel: boolean;
  onChange: (cancel: boolean) => void;
}

/** What becomes of the runs that are under way on older versions: they stay on theirs, or the waiting ones end. */
export function OpenRunsChoice({ open, cancel, onChange }: Props) {
  const { t } = useTranslation("builder");
  const name = useId();
  return (
    <fieldset className="rounded-md border border-line p-3">
      <legend className="px-1 font-semibold">{t("publish.runs", { count: waitingIn(open) })}</legend>
      <ul className="mb-2 text-sm text-muted">
        {open.map((o) => (
          <li key={o.version}>{t("publish.runsOf", { version: o.version, running: o.running, waiting: o.waiting })}</li>
        ))}
      </ul>
      {[false, true].map((value) => (
        <label key={String(value)} className="flex min-h-8 items-center gap-2">
          <input
            type="radio"
            name={name}
            className="size-4.5 accent-(--accent)"
            checked={cancel === value}
            onChange={() => onChange(value)}
          />
          {value ? t("publish.cancelThem") : t("publish.letFinish")}
        </label>
      ))}
    </fieldset>
  );
}
