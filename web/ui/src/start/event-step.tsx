import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { api, body, type Schema } from "@/api/client";
import { triggersQuery } from "@/api/queries/triggers";
import { useMay } from "@/api/session";
import { useTranslation } from "@/i18n/texts";
import { Button } from "@/kit/button";
import { SelectField, TextField } from "@/kit/field";
import { ErrorState } from "@/kit/state";

/** Gets a first event to build with: one that came in, or an order, shipment or cart that is fetched now. */
export function EventStep({ setup }: { setup: Schema<"Setup"> }) {
  const { t } = useTranslation("start");
  const may = useMay("editor");
  const client = useQueryClient();
  const triggers = useQuery(triggersQuery);
  const [trigger, setTrigger] = useState("");
  const [id, setId] = useState("");
  const store = setup.store.authentication_id ?? "";
  const kinds = (triggers.data ?? []).filter((x) => x.authentication_types.includes("bigcommerce"));
  const chosen = trigger || (kinds[0]?.type ?? "");
  const fetch = useMutation({
    mutationFn: () =>
      body(
        api.POST("/api/v1/triggers/{type}/sample", {
          params: { path: { type: chosen } },
          body: { authentication_id: store, id: id.trim(), keep: true },
        }),
      ),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["setup"] });
      void client.invalidateQueries({ queryKey: ["samples"] });
    },
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    fetch.mutate();
  }
  if (!store) {
    return <p className="text-muted">{t("event.first")}</p>;
  }
  return (
    <div className="flex flex-col gap-3">
      {setup.event.done ? (
        <p>
          {t("event.there")}{" "}
          <Link to="/events" className="text-accent">
            {t("event.look")}
          </Link>
        </p>
      ) : (
        <p role="status">{t("event.listening")}</p>
      )}
      {may ? (
        <form onSubmit={submit} className="flex flex-wrap items-end gap-3">
          <SelectField
            label={t("event.kind")}
            value={chosen}
            options={kinds.map((x) => ({ value: x.type, label: x.title }))}
            onChange={(e) => setTrigger(e.target.value)}
          />
          <TextField
            label={t("event.id")}
            value={id}
            maxLength={100}
            required
            onChange={(e) => setId(e.target.value)}
          />
          <Button type="submit" busy={fetch.isPending} disabled={id.trim() === ""}>
            {t("event.fetch")}
          </Button>
        </form>
      ) : null}
      {fetch.isSuccess ? <p role="status">{t("event.kept")}</p> : null}
      {fetch.error ? <ErrorState error={fetch.error} title={t("event.failed")} /> : null}
    </div>
  );
}
