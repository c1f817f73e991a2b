import { useBlocker } from "@tanstack/react-router";
import { useTranslation } from "@/i18n/texts";
import { ConfirmDialog } from "@/kit/dialog";
import { useBuilderStore } from "./state/store";

/** Saves before the person goes elsewhere; asks only when that cannot be done. */
export function LeaveGuard() {
  const store = useBuilderStore();
  const { t } = useTranslation("builder");
  const blocker = useBlocker({
    shouldBlockFn: async ({ current, next }) => {
      const { canEdit, saving, flush } = store.getState();
      return canEdit && saving !== "saved" && current.pathname !== next.pathname && !(await flush());
    },
    enableBeforeUnload: () => store.getState().canEdit && store.getState().saving !== "saved",
    withResolver: true,
  });
  return (
    <ConfirmDialog
      open={blocker.status === "blocked"}
      title={t("leave.title")}
      text={t("leave.text")}
      confirm={t("leave.confirm")}
      onConfirm={() => blocker.proceed?.()}
      onClose={() => blocker.reset?.()}
    />
  );
}
