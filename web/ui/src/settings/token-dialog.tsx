import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, body } from "@/api/client";
import { Problem } from "@/api/problem";
import type { Role } from "@/api/session";
import { useTranslation } from "@/i18n/texts";
import { Button } from "@/kit/button";
import { CopyButton } from "@/kit/copy";
import { Dialog } from "@/kit/dialog";
import { inputClasses, SelectField, TextField } from "@/kit/field";
import { ErrorState } from "@/kit/state";
import { roles } from "./user-dialog";

const lifetimes = ["30d", "90d", "366d", ""];

/** Makes an API token and shows it, this once. */
export function TokenDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("settings");
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const [expires, setExpires] = useState("90d");
  const make = useMutation({
    mutationFn: () => body(api.POST("/api/v1/tokens", { body: { name, role, ...(expires ? { expires } : {}) } })),
    onSuccess: () => void client.invalidateQueries({ queryKey: ["tokens"] }),
  });
  const nameError =
    make.error instanceof Problem
      ? make.error
          .at("body.name")
          .map((e) => e.message)
          .join(" ") || undefined
      : undefined;
  if (make.data) {
    return (
      <Dialog
        open
        onClose={onClose}
        dismissable={false}
        title={t("tokens.made", { name: make.data.name })}
        text={t("tokens.once")}
        footer={
          <Button look="primary" onClick={onClose}>
            {t("tokens.kept")}
          </Button>
        }
      >
        <label className="flex flex-col gap-1">
          {t("tokens.token")}
          <span className="flex gap-2">
            <input
              className={`${inputClasses} font-mono text-sm`}
              readOnly
              value={make.data.token}
              onFocus={(e) => e.target.select()}
            />
            <CopyButton text={make.data.token} label={t("common:action.copy")} />
          </span>
        </label>
      </Dialog>
    );
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    make.mutate();
  }
  return (
    <Dialog open onClose={onClose} title={t("tokens.add")} text={t("tokens.addText")}>
      <form onSubmit={submit} className="flex flex-col gap-3" noValidate>
        <TextField
          label={t("tokens.name")}
          help={t("tokens.nameHelp")}
          value={name}
          error={nameError}
          maxLength={200}
          onChange={(e) => setName(e.target.value)}
          required
        />
        <SelectField
          label={t("users.role")}
          help={t(`account.roleText.${role}`)}
          value={role}
          options={roles.map((value) => ({ value, label: t(`common:user.role.${value}`) }))}
          onChange={(e) => setRole(e.target.value as Role)}
        />
        <SelectField
          label={t("tokens.expires")}
          value={expires}
          options={lifetimes.map((value) => ({
            value,
            label: value ? t("tokens.days", { count: Number.parseInt(value, 10) }) : t("tokens.never"),
          }))}
          onChange={(e) => setExpires(e.target.value)}
        />
        {make.error && !nameError ? <ErrorState error={make.error} /> : null}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("common:action.cancel")}</Button>
          <Button type="submit" look="primary" busy={make.isPending}>
            {t("tokens.create")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
