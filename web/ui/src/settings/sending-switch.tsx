import { OctagonPause, Play } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "@/i18n/texts";
import { Button } from "@/kit/button";
import { ConfirmDialog } from "@/kit/dialog";
import { Section } from "@/kit/page";
import { ErrorState } from "@/kit/state";
import { notify } from "@/kit/toast";
import { useSaveSending } from "./use-save-sending";

/** Stops everything that workflows send, and starts it again. */
export function SendingSwitch({ stopped }: { stopped: boolean }) {
  const { t } = useTranslation("settings");
  const [asking, setAsking] = useState(false);
  const save = useSaveSending(() => {
    setAsking(false);
    notify(t(stopped ? "sending.isStarted" : "sending.isStopped"));
  });
  function ask() {
    save.reset();
    setAsking(true);
  }
  return (
    <Section title={t("sending.title")}>
      <p className="mb-4 max-w-prose text-muted">{t(stopped ? "sending.stoppedText" : "sending.runningText")}</p>
      {stopped ? (
        <Button look="primary" icon={<Play aria-hidden className="size-4" />} onClick={ask}>
          {t("sending.start")}
        </Button>
      ) : (
        <Button look="danger" icon={<OctagonPause aria-hidden className="size-4" />} onClick={ask}>
          {t("sending.stop")}
        </Button>
      )}
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        title={t(stopped ? "sending.startTitle" : "sending.stopTitle")}
        text={t(stopped ? "sending.startText" : "sending.stopText")}
        confirm={t(stopped ? "sending.start" : "sending.stop")}
        danger={!stopped}
        busy={save.isPending}
        onConfirm={() => save.mutate({ stopped: !stopped })}
      >
        {save.error ? <ErrorState error={save.error} /> : null}
      </ConfirmDialog>
    </Section>
  );
}
