import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, body, type Schema } from "@/api/client";
import { useTranslation } from "@/i18n/texts";
import { ConfirmDialog } from "@/kit/dialog";
import { ErrorState } from "@/kit/state";
import { UsedBy } from "./list";

interface DeleteProps {
  authentication: Schema<"Authentication">;
  open: boolean;
  onClose: () => void;
  onDeleted: () => void;
}

/** Asks before an authentication goes, and says what still uses it. */
export function DeleteAuthentication({ authentication: a, open, onClose, onDeleted }: DeleteProps) {
  const { t } = useTranslation("authentications");
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => body(api.DELETE("/api/v1/authentications/{id}", { params: { path: { id: a.id } } })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["authentications"] });
      onDeleted();
    },
  });
  const used = (a.used_by ?? []).length > 0;
  return (
    <ConfirmDialog
      open={open}
      onClose={onClose}
      title={t("delete.title", { name: a.name })}
      text={used ? t("delete.used") : t("delete.text")}
      confirm={t("common:action.delete")}
      danger
      busy={remove.isPending}
      onConfirm={() => remove.mutate()}
    >
      {used ? <UsedBy ids={a.used_by ?? []} /> : null}
      {remove.error ? <ErrorState error={remove.error} title={t("delete.failed")} /> : null}
    </ConfirmDialog>
  );
}
