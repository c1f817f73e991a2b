import { useCallback } from "react";
import { type Change, useChanges } from "@/api/stream";
import { useTranslation } from "@/i18n/texts";
import { notify } from "@/kit/toast";
import { sameDefinition } from "./model/difference";
import { definitionOf } from "./model/edit-workflow";
import { server } from "./state/server";
import { useBuilderStore } from "./state/store";

/**
 * Follows what happens to the opened workflow elsewhere. Another one's draft comes onto the screen only while nothing here
 * waits to be saved, and can be undone; else the next save finds it and asks.
 */
export function useFollow() {
  const store = useBuilderStore();
  const { t } = useTranslation("builder");
  const listen = useCallback(
    (change: Change) => {
      const { id, etag, saving } = store.getState();
      const ours = change.kind === "workflow" && change.data.id === id;
      if (ours && change.data.status === "deleted") {
        if (store.getState().canEdit) {
          store.setState({ saving: "conflict", conflict: "gone" }); // it can be made again
        }
        return;
      }
      if ((!ours && change.kind !== "reset") || saving !== "saved" || `"${change.data.revision}"` === etag) {
        return;
      }
      server.load(id).then(
        (saved) => {
          const now = store.getState();
          if (now.saving !== "saved" || saved.etag === now.etag) {
            return;
          }
          if (sameDefinition(definitionOf(saved.workflow), now.base)) {
            now.adopt(saved);
          } else {
            now.takeOver(saved, t("edit.elsewhere"));
            notify(t("follow.taken"), { action: now.canEdit ? { label: t("header.undo"), run: now.undo } : undefined });
          }
        },
        () => {}, // gone or out of reach: the next save says so
      );
    },
    [store, t],
  );
  useChanges(listen);
}
