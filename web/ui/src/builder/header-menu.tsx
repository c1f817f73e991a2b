import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Copy, EllipsisVertical, History, Keyboard, ListChecks, Pause, Play, Trash2 } from "lucide-react";
import { useState } from "react";
import { api, body, tagged } from "@/api/client";
import { useSession } from "@/api/session";
import { useTranslation } from "@/i18n/texts";
import { IconButton } from "@/kit/button";
import { ConfirmDialog } from "@/kit/dialog";
import { Menu, MenuItem, MenuSeparator } from "@/kit/menu";
import { notify, notifyError } from "@/kit/toast";
import { forget } from "./opened";
import { PauseDialog } from "./pause-dialog";
import { useBuilder, useBuilderStore } from "./state/store";
import { VersionsDialog } from "./versions";

type Shown = "versions" | "delete" | "pause" | undefined;

const icon = "size-4 shrink-0";

/** What is done more rarely with a workflow. */
export function HeaderMenu() {
  const { t } = useTranslation("builder");
  const canEdit = useBuilder((s) => s.canEdit);
  const status = useBuilder((s) => s.status);
  const [shown, setShown] = useState<Shown>();
  const duplicate = useDuplicate();
  const resume = useResume();
  const store = useBuilderStore();
  const navigate = useNavigate();
  return (
    <>
      <Menu
        trigger={
          <IconButton label={t("menu.label")}>
            <EllipsisVertical aria-hidden className="size-4.5" />
          </IconButton>
        }
      >
        {canEdit && status === "live" ? (
          <MenuItem icon={<Pause aria-hidden className={icon} />} onSelect={() => setShown("pause")}>
            {t("menu.pause")}
          </MenuItem>
        ) : null}
        {canEdit && status === "paused" ? (
          <MenuItem icon={<Play aria-hidden className={icon} />} onSelect={() => void resume()}>
            {t("menu.resume")}
          </MenuItem>
        ) : null}
        <MenuItem
          icon={<ListChecks aria-hidden className={icon} />}
          onSelect={() => void navigate({ to: "/runs", search: { workflow_id: store.getState().id } })}
        >
          {t("menu.runs")}
        </MenuItem>
        <MenuItem icon={<History aria-hidden className={icon} />} onSelect={() => setShown("versions")}>
          {t("menu.versions")}
        </MenuItem>
        {canEdit ? (
          <MenuItem icon={<Copy aria-hidden className={icon} />} onSelect={() => void duplicate()}>
            {t("menu.duplicate")}
          </MenuItem>
        ) : null}
        <MenuItem icon={<Keyboard aria-hidden className={icon} />} onSelect={() => store.getState().setKeysHelp(true)}>
          {t("menu.keys")}
        </MenuItem>
        {canEdit ? (
          <>
            <MenuSeparator />
            <MenuItem danger icon={<Trash2 aria-hidden className={icon} />} onSelect={() => setShown("delete")}>
              {t("menu.delete")}
            </MenuItem>
          </>
        ) : null}
      </Menu>
      {shown === "versions" ? <VersionsDialog onClose={() => setShown(undefined)} /> : null}
      {shown === "pause" ? <PauseDialog onClose={() => setShown(undefined)} /> : null}
      {shown === "delete" ? <DeleteDialog onClose={() => setShown(undefined)} /> : null}
    </>
  );
}

function useDuplicate(): () => Promise<void> {
  const { t } = useTranslation("builder");
  const store = useBuilderStore();
  const navigate = useNavigate();
  const client = useQueryClient();
  return async () => {
    const { doc } = store.getState();
    try {
      const made = await body(
        api.POST("/api/v1/workflows", { body: { ...doc, name: t("menu.copyOf", { name: doc.name }) } }),
      );
      void client.invalidateQueries({ queryKey: ["workflows"] });
      notify(t("menu.duplicated"));
      await navigate({ to: "/workflows/$id", params: { id: made.id } });
    } catch (error) {
      notifyError(error);
    }
  };
}

function useResume(): () => Promise<void> {
  const { t } = useTranslation("builder");
  const store = useBuilderStore();
  const client = useQueryClient();
  return async () => {
    const { id, adopt } = store.getState();
    try {
      const { body: workflow, etag } = await tagged(
        api.POST("/api/v1/workflows/{id}/resume", { params: { path: { id } } }),
      );
      adopt({ workflow, etag });
      void client.invalidateQueries({ queryKey: ["workflows"] });
      notify(t("menu.resumed"));
    } catch (error) {
      notifyError(error);
    }
  };
}

function DeleteDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("builder");
  const store = useBuilderStore();
  const name = useBuilder((s) => s.doc.name);
  const person = useSession().id;
  const navigate = useNavigate();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  async function remove() {
    setBusy(true);
    const { id, saving } = store.getState();
    store.setState({ canEdit: false, saving: "saved" }); // nothing is to be saved any more
    try {
      await body(api.DELETE("/api/v1/workflows/{id}", { params: { path: { id } } }));
      await navigate({ to: "/workflows" });
      await forget(person, id);
      void client.invalidateQueries({ queryKey: ["workflows"] });
      notify(t("delete.done", { name }));
    } catch (error) {
      store.setState({ canEdit: true, saving });
      setBusy(false);
      notifyError(error);
    }
  }
  return (
    <ConfirmDialog
      open
      danger
      busy={busy}
      title={t("delete.title", { name })}
      text={t("delete.text")}
      confirm={t("delete.confirm")}
      onConfirm={() => void remove()}
      onClose={onClose}
    />
  );
}
