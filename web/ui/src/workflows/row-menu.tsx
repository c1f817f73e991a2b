import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Copy, EllipsisVertical, Pause, Play, Trash2 } from "lucide-react";
import { useState } from "react";
import { api, body, type Schema } from "@/api/client";
import { useTranslation } from "@/i18n/texts";
import { IconButton } from "@/kit/button";
import { ConfirmDialog } from "@/kit/dialog";
import { Menu, MenuItem, MenuSeparator } from "@/kit/menu";
import { ErrorState } from "@/kit/state";
import { notify, notifyError } from "@/kit/toast";
import { PauseWorkflow } from "./pause";

/** What can be done with a workflow from the list. */
export function RowMenu({ workflow: w }: { workflow: Schema<"Workflow"> }) {
  const { t } = useTranslation("workflows");
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState<"delete" | "pause">();
  const refresh = () => void client.invalidateQueries({ queryKey: ["workflows"] });
  const duplicate = useMutation({
    mutationFn: () =>
      body(
        api.POST("/api/v1/workflows", {
          body: {
            name: t("copyOf", { name: w.name }).slice(0, 200),
            trigger: w.trigger,
            once_per: w.once_per,
            condition: w.condition,
            steps: w.steps,
          },
        }),
      ),
    onSuccess: (made) => {
      refresh();
      notify(t("duplicated", { name: made.name }));
      void navigate({ to: "/workflows/$id", params: { id: made.id } });
    },
    onError: notifyError,
  });
  const resume = useMutation({
    mutationFn: () => body(api.POST("/api/v1/workflows/{id}/resume", { params: { path: { id: w.id } } })),
    onSuccess: () => {
      refresh();
      notify(t("resumed", { name: w.name }));
    },
    onError: notifyError,
  });
  const remove = useMutation({
    mutationFn: () => body(api.DELETE("/api/v1/workflows/{id}", { params: { path: { id: w.id } } })),
    onSuccess: () => {
      refresh();
      setAsking(undefined);
      notify(t("deleted", { name: w.name }));
    },
  });
  return (
    <>
      <Menu
        trigger={
          <IconButton label={t("actionsOf", { name: w.name })}>
            <EllipsisVertical aria-hidden className="size-4" />
          </IconButton>
        }
      >
        {w.status === "live" ? (
          <MenuItem icon={<Pause aria-hidden className="size-4" />} onSelect={() => setAsking("pause")}>
            {t("pause.button")}
          </MenuItem>
        ) : null}
        {w.status === "paused" ? (
          <MenuItem icon={<Play aria-hidden className="size-4" />} onSelect={() => resume.mutate()}>
            {t("resume")}
          </MenuItem>
        ) : null}
        <MenuItem icon={<Copy aria-hidden className="size-4" />} onSelect={() => duplicate.mutate()}>
          {t("duplicate")}
        </MenuItem>
        <MenuSeparator />
        <MenuItem danger icon={<Trash2 aria-hidden className="size-4" />} onSelect={() => setAsking("delete")}>
          {t("common:action.delete")}
        </MenuItem>
      </Menu>
      {asking === "pause" ? <PauseWorkflow workflow={w} onClose={() => setAsking(undefined)} /> : null}
      <ConfirmDialog
        open={asking === "delete"}
        onClose={() => setAsking(undefined)}
        title={t("delete.title", { name: w.name })}
        text={w.status === "live" ? t("delete.live") : t("delete.text")}
        confirm={t("common:action.delete")}
        danger
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
      >
        {remove.error ? <ErrorState error={remove.error} /> : null}
      </ConfirmDialog>
    </>
  );
}
