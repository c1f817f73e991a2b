import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { api, body, type Schema } from "@/api/client";
import { usersQuery } from "@/api/queries/users";
import { useSession } from "@/api/session";
import { useTranslation } from "@/i18n/texts";
import { Button } from "@/kit/button";
import { ConfirmDialog } from "@/kit/dialog";
import { ErrorState, Skeleton } from "@/kit/state";
import { type Column, Table } from "@/kit/table";
import { Time } from "@/kit/time";
import { notify } from "@/kit/toast";
import { AdminOnly } from "./layout";
import { UserDialog } from "./user-dialog";

/** The people who may sign in, for administrators. */
export function Users() {
  return (
    <AdminOnly>
      <UserList />
    </AdminOnly>
  );
}

function UserList() {
  const { t } = useTranslation("settings");
  const session = useSession();
  const client = useQueryClient();
  const users = useQuery(usersQuery);
  const [editing, setEditing] = useState<Schema<"User"> | "new">();
  const [leaving, setLeaving] = useState<Schema<"User">>();
  const remove = useMutation({
    mutationFn: (id: string) => body(api.DELETE("/api/v1/users/{id}", { params: { path: { id } } })),
    onSuccess: () => {
      notify(t("users.removed"));
      setLeaving(undefined);
      void client.invalidateQueries({ queryKey: ["users"] });
    },
  });
  const columns: Column<Schema<"User">>[] = [
    {
      id: "email",
      title: t("users.email"),
      width: "minmax(0,2fr)",
      cell: (u) => <span className="font-medium break-all">{u.email}</span>,
    },
    { id: "role", title: t("users.role"), cell: (u) => t(`common:user.role.${u.role}`) },
    { id: "login", title: t("users.lastLogin"), cell: (u) => <Time at={u.last_login_at} /> },
    {
      id: "actions",
      title: t("common:action.actions"),
      width: "14rem",
      cell: (u) => (
        <span className="flex flex-wrap gap-2">
          <Button small onClick={() => setEditing(u)} aria-label={t("users.editOf", { email: u.email })}>
            {t("common:action.edit")}
          </Button>
          {u.id === session.id ? null : (
            <Button
              small
              look="danger"
              onClick={() => setLeaving(u)}
              aria-label={t("users.removeOf", { email: u.email })}
            >
              {t("users.remove")}
            </Button>
          )}
        </span>
      ),
    },
  ];
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="max-w-prose text-muted">{t("users.text")}</p>
        <Button look="primary" icon={<Plus aria-hidden className="size-4" />} onClick={() => setEditing("new")}>
          {t("users.add")}
        </Button>
      </div>
      {users.isPending ? (
        <Skeleton lines={3} />
      ) : users.isError ? (
        <ErrorState error={users.error} onRetry={() => void users.refetch()} />
      ) : (
        <Table label={t("nav.users")} rows={users.data} columns={columns} rowKey={(u) => u.id} />
      )}
      {editing ? (
        <UserDialog user={editing === "new" ? undefined : editing} onClose={() => setEditing(undefined)} />
      ) : null}
      <ConfirmDialog
        open={leaving !== undefined}
        onClose={() => {
          setLeaving(undefined);
          remove.reset();
        }}
        title={t("users.removeTitle", { email: leaving?.email })}
        text={t("users.removeText")}
        confirm={t("users.remove")}
        danger
        busy={remove.isPending}
        onConfirm={() => leaving && remove.mutate(leaving.id)}
      >
        {remove.error ? <ErrorState error={remove.error} title={t("users.notRemoved")} /> : null}
      </ConfirmDialog>
    </div>
  );
}
