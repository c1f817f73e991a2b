import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, body, type Schema } from "@/api/client";
import { useTranslation } from "@/i18n/texts";
import { ConfirmDialog } from "@/kit/dialog";
import { Checkbox } from "@/kit/field";
import { ErrorState } from "@/kit/state";
import { notify } from "@/kit/toast";

/** Asks before a workflow is paused, and what becomes of its waiting runs. */
export function PauseWorkflow({ workflow: w, onClose }: { workflow: Schema<"Workflow">; onClose: () => void }) {
  const { t } = useTranslation("workflows");
  const client = useQueryClient();
  const [cancel, setCancel] = useState(false);
  const waiting = w.activity?.waiting ?? 0;
  const pause = useMutation({
    mutationFn: async () => {
      await body(api.POST("/api/v1/workflows/{id}/pause", { params: { path: { id: w.id } } }));
      if (cancel) {
        await body(api.POST("/api/v1/workflows/{id}/cancel-runs", { params: { path: { id: w.id } }, body: {} }));
      }
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["workflows"] });
      notify(t("pause.done", { name: w.name }));
      onClose();
    },
  });
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t("pause.title", { name: w.name })}
      text={t("pause.text")}
      confirm={t("pause.button")}
      busy={pause.isPending}
      onConfirm={() => pause.mutate()}
    >
      {waiting > 0 ? (
        <Checkbox
          label={t("pause.cancel", { count: waiting })}
          help={t("pause.help")}
          checked={cancel}
          onChange={(e) => setCancel(e.target.checked)}
        />
      ) : null}
      {pause.error ? <ErrorState error={pause.error} /> : null}
    </ConfirmDialog>
  );
}
