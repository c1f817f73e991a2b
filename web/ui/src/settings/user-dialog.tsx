import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, body, type Schema } from "@/api/client";
import { Problem } from "@/api/problem";
import type { Role } from "@/api/session";
import { useTranslation } from "@/i18n/texts";
import { Button } from "@/kit/button";
import { Dialog } from "@/kit/dialog";
import { SecretField, SelectField, TextField } from "@/kit/field";
import { ErrorState } from "@/kit/state";
import { notify } from "@/kit/toast";

export const roles: Role[] = ["viewer", "editor", "integration_manager", "admin"];

/** Adds a person, or changes the role or the password of one. */
export function UserDialog({ user, onClose }: { user?: Schema<"User">; onClose: () => void }) {
  const { t } = useTranslation("settings");
  const client = useQueryClient();
  const [email, setEmail] = useState(user?.email ?? "");
  const [role, setRole] = useState<Role>(user?.role ?? "editor");
  const [password, setPassword] = useState("");
  const save = useMutation({
    mutationFn: () =>
      user
        ? body(
            api.PATCH("/api/v1/users/{id}", {
              params: { path: { id: user.id } },
              body: { role, ...(password ? { password } : {}) },
            }),
          )
        : body(api.POST("/api/v1/users", { body: { email, role, password } })),
    onSuccess: (saved) => {
      notify(t("users.saved", { email: saved.email }));
      void client.invalidateQueries({ queryKey: ["users"] });
      onClose();
    },
  });
  const at = (field: string) =>
    save.error instanceof Problem
      ? save.error
          .at(`body.${field}`)
          .map((e) => e.message)
          .join(" ") || undefined
      : undefined;
  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate();
  }
  return (
    <Dialog open onClose={onClose} title={user ? t("users.editOf", { email: user.email }) : t("users.add")}>
      <form onSubmit={submit} className="flex flex-col gap-3" noValidate>
        {user ? null : (
          <TextField
            label={t("users.email")}
            type="email"
            autoComplete="off"
            value={email}
            error={at("email")}
            onChange={(e) => setEmail(e.target.value)}
            required
          />
        )}
        <SelectField
          label={t("users.role")}
          help={t(`account.roleText.${role}`)}
          value={role}
          error={at("role")}
          options={roles.map((value) => ({ value, label: t(`common:user.role.${value}`) }))}
          onChange={(e) => setRole(e.target.value as Role)}
        />
        <SecretField
          label={user ? t("users.newPassword") : t("users.password")}
          help={user ? t("users.newPasswordHelp") : t("password.help")}
          autoComplete="new-password"
          value={password}
          error={at("password")}
          onChange={(e) => setPassword(e.target.value)}
          required={!user}
        />
        {save.error && !at("email") && !at("password") && !at("role") ? (
          <ErrorState error={save.error} title={t("users.notSaved")} />
        ) : null}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("common:action.cancel")}</Button>
          <Button type="submit" look="primary" busy={save.isPending}>
            {t("common:action.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
