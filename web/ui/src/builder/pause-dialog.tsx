import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, tagged } from "@/api/client";
import { useTranslation } from "@/i18n/texts";
import { ConfirmDialog } from "@/kit/dialog";
import { Checkbox } from "@/kit/field";
import { notify, notifyError } from "@/kit/toast";
import { useFresh } from "./fresh";
import { cancelWaiting, openRuns, waitingIn } from "./open-runs";
import { useBuilder, useBuilderStore } from "./state/store";

/** Asks before a workflow is paused, and what becomes of the runs that wait. */
export function PauseDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("builder");
  const store = useBuilderStore();
  const client = useQueryClient();
  const open = useBuilder((s) => s.workflow);
  const waiting = waitingIn(openRuns(open));
  const [cancel, setCancel] = useState(false);
  const [busy, setBusy] = useState(false);
  useFresh();
  async function pause() {
    setBusy(true);
    const { id, adopt } = store.getState();
    try {
      const { body: workflow, etag } = await tagged(
        api.POST("/api/v1/workflows/{id}/pause", { params: { path: { id } } }),
      );
      adopt({ workflow, etag });
      const versions = openRuns(open).map((o) => o.version);
      const cancelled = cancel ? await cancelWaiting(id, versions) : 0;
      notify(cancelled > 0 ? t("pause.doneCancelled", { count: cancelled }) : t("pause.done"));
      void client.invalidateQueries({ queryKey: ["workflows"] });
      onClose();
    } catch (error) {
      setBusy(false);
      notifyError(error);
    }
  }
  return (
    <ConfirmDialog
      open
      busy={busy}
      title={t("pause.title")}
      text={t("pause.text")}
      confirm={t("pause.confirm")}
      onConfirm={() => void pause()}
      onClose={onClose}
    >
      {waiting > 0 ? (
        <Checkbox
          label={t("pause.cancel", { count: waiting })}
          help={t("pause.cancelHelp")}
          checked={cancel}
          onChange={(e) => setCancel(e.target.checked)}
        />
      ) : (
        <p className="text-muted">{t("pause.noneWaiting")}</p>
      )}
    </ConfirmDialog>
  );
}
