import { Check, CircleAlert, CloudOff, GitMerge, LoaderCircle } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useSession } from "@/api/session";
import { useTranslation } from "@/i18n/texts";
import { Button } from "@/kit/button";
import { messageOf } from "@/kit/state";
import { ConflictDialog } from "./conflict-dialog";
import { useBuilder, useBuilderStore } from "./state/store";

/** Whether what is on the screen is saved, and what to do when it is not. */
export function SavedState() {
  const { t } = useTranslation("builder");
  const store = useBuilderStore();
  const saving = useBuilder((s) => s.saving);
  const error = useBuilder((s) => s.saveError);
  const canEdit = useBuilder((s) => s.canEdit);
  const time = useSavedTime();
  const other = useOther();
  if (!canEdit) {
    return null;
  }
  switch (saving) {
    case "saved":
      return (
        <Line icon={<Check aria-hidden className="size-4 text-good" />}>
          {other ? t("saving.savedBy", { time, name: other }) : t("saving.saved", { time })}
        </Line>
      );
    case "dirty":
    case "saving":
      return <Line icon={<LoaderCircle aria-hidden className="size-4 animate-spin" />}>{t("saving.saving")}</Line>;
    case "offline":
      return <Line icon={<CloudOff aria-hidden className="size-4 text-warn" />}>{t("saving.offline")}</Line>;
    case "failed":
      return (
        <Line icon={<CircleAlert aria-hidden className="size-4 text-bad" />} bad>
          {t("saving.failed", { message: messageOf(error) })}
          <Button small onClick={() => void store.getState().flush()}>
            {t("saving.again")}
          </Button>
        </Line>
      );
    case "conflict":
      return <Conflict />;
  }
}

function Line({ icon, bad, children }: { icon: React.ReactNode; bad?: boolean; children: React.ReactNode }) {
  return (
    <span
      className={`flex flex-wrap items-center gap-1 text-sm ${bad ? "text-bad" : "text-muted"}`}
      data-testid="saved-state"
    >
      {icon}
      {children}
    </span>
  );
}

// The dialog comes by itself, and again by the button when it was put off.
function Conflict() {
  const { t } = useTranslation("builder");
  const conflict = useBuilder((s) => s.conflict);
  const [open, setOpen] = useState(true);
  const shown = useRef(conflict);
  useEffect(() => {
    if (shown.current !== conflict) {
      shown.current = conflict;
      setOpen(true);
    }
  }, [conflict]);
  return (
    <Line icon={<GitMerge aria-hidden className="size-4 text-bad" />} bad>
      {t("saving.conflict")}
      <Button small onClick={() => setOpen(true)}>
        {t("conflict.choose")}
      </Button>
      {open && conflict ? <ConflictDialog conflict={conflict} onClose={() => setOpen(false)} /> : null}
    </Line>
  );
}

/** Who saved the draft last, when that was somebody else; empty when it was the person here, or is not known. */
export function useOther(): string {
  const by = useBuilder((s) => s.workflow.updated_by);
  const me = useSession();
  return [me.name, me.email, me.id].includes(by) ? "" : by;
}

function useSavedTime(): string {
  const at = useBuilder((s) => s.savedAt);
  const { time_zone: zone } = useSession();
  if (!at) {
    return "";
  }
  const when = new Date(at);
  const today = Date.now() - when.getTime() < 12 * 3_600_000;
  return new Intl.DateTimeFormat("en", {
    ...(today ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" }),
    hourCycle: "h23",
    timeZone: zone,
  }).format(when);
}
