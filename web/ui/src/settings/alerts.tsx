import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { api, body, type Schema } from "@/api/client";
import { Problem } from "@/api/problem";
import { authenticationsQuery } from "@/api/queries/authentications";
import { settingsQuery } from "@/api/queries/settings";
import { useTranslation } from "@/i18n/texts";
import { Button } from "@/kit/button";
import { Checkbox, SelectField, TextField } from "@/kit/field";
import { Section } from "@/kit/page";
import { ErrorState, Skeleton } from "@/kit/state";
import { notify } from "@/kit/toast";
import { AdminOnly } from "./layout";

/** Whom Cartwheel writes to when something needs a person, for administrators. */
export function Alerts() {
  return (
    <AdminOnly>
      <AlertSettings />
    </AdminOnly>
  );
}

function AlertSettings() {
  const settings = useQuery(settingsQuery);
  if (settings.isPending) {
    return <Skeleton lines={3} />;
  }
  if (settings.isError) {
    return <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />;
  }
  return <AlertForm settings={settings.data} />;
}

function AlertForm({ settings }: { settings: Schema<"Settings"> }) {
  const { t } = useTranslation("settings");
  const client = useQueryClient();
  const senders = useQuery(authenticationsQuery);
  const [enabled, setEnabled] = useState(settings.alerts.enabled);
  const [sender, setSender] = useState(settings.alerts.authentication_id);
  const [to, setTo] = useState(settings.alerts.to);
  const save = useMutation({
    mutationFn: () =>
      body(
        api.PUT("/api/v1/settings", {
          body: { alerts: { enabled, authentication_id: sender, to }, time_zone: settings.time_zone },
        }),
      ),
    onSuccess: (saved) => {
      client.setQueryData(settingsQuery.queryKey, saved);
      notify(t("alerts.saved"));
    },
  });
  const at = (field: string) =>
    save.error instanceof Problem
      ? save.error
          .at(`alerts.${field}`)
          .map((e) => e.message)
          .join(" ") || undefined
      : undefined;
  const options = (senders.data ?? []).filter((a) => a.type === "smtp").map((a) => ({ value: a.id, label: a.name }));
  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate();
  }
  return (
    <Section title={t("alerts.title")}>
      <form onSubmit={submit} className="flex max-w-lg flex-col gap-4" noValidate>
        <p className="text-muted">{t("alerts.text")}</p>
        <Checkbox label={t("alerts.enabled")} checked={enabled} onChange={(e) => setEnabled(e.target.checked)} />
        <SelectField
          label={t("alerts.sender")}
          placeholder={t("alerts.choose")}
          value={sender}
          error={at("authentication_id")}
          options={options}
          onChange={(e) => setSender(e.target.value)}
        />
        {senders.data && options.length === 0 ? (
          <p className="text-sm">
            {t("alerts.noSender")}{" "}
            <Link to="/authentications/new" search={{ type: "smtp" }} className="text-accent">
              {t("alerts.makeSender")}
            </Link>
          </p>
        ) : null}
        <TextField
          label={t("alerts.to")}
          type="email"
          autoComplete="email"
          value={to}
          error={at("to")}
          onChange={(e) => setTo(e.target.value)}
        />
        {save.error && !at("to") && !at("authentication_id") ? (
          <ErrorState error={save.error} title={t("alerts.notSaved")} />
        ) : null}
        <div>
          <Button type="submit" look="primary" busy={save.isPending}>
            {t("common:action.save")}
          </Button>
        </div>
      </form>
    </Section>
  );
}
