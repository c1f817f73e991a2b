import { CalendarClock, ChevronDown } from "lucide-react";
import { useState } from "react";
import type { Source } from "@/codes/source";
import { useTranslation } from "@/i18n/texts";
import { Button } from "@/kit/button";
import { Dialog } from "@/kit/dialog";
import { EventList } from "./event-list";
import { FetchSample } from "./fetch-sample";
import { SampleList } from "./sample-list";
import { useBuilder, useBuilderStore } from "./state/store";
import { useTitles } from "./titles";
import "./texts";

/** The button that shows which event previews, checks and tests are made with; it opens the choice. */
export function EventChooser({ small = false }: { small?: boolean }) {
  const { t } = useTranslation("builder");
  const source = useBuilder((s) => s.source);
  const [open, setOpen] = useState(false);
  const label = source.kind === "builtin" ? t("chooser.builtin") : source.label;
  return (
    <>
      <Button
        small={small}
        aria-haspopup="dialog"
        title={t("chooser.help")}
        icon={<CalendarClock aria-hidden className="size-4 shrink-0" />}
        className="max-w-56"
        onClick={() => setOpen(true)}
      >
        <span className="sr-only">{t("chooser.button")} </span>
        <span className="truncate">{label}</span>
        <ChevronDown aria-hidden className="size-4 shrink-0" />
      </Button>
      {open ? <ChooserDialog onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function ChooserDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("builder");
  const store = useBuilderStore();
  const source = useBuilder((s) => s.source);
  const trigger = useBuilder((s) => s.doc.trigger);
  const canEdit = useBuilder((s) => s.canEdit);
  const { title } = useTitles();
  function choose(next: Source) {
    store.getState().setSource(next);
    onClose();
  }
  return (
    <Dialog
      open
      onClose={onClose}
      size="medium"
      title={t("chooser.title")}
      text={t("chooser.text", { trigger: title(trigger.type ?? "") })}
    >
      <div className="flex flex-col gap-5">
        <EventList trigger={trigger} chosen={source} onChoose={choose} />
        <SampleList trigger={trigger.type ?? ""} chosen={source} onChoose={choose} />
        {canEdit ? <FetchSample trigger={trigger} onChoose={choose} /> : null}
      </div>
    </Dialog>
  );
}
