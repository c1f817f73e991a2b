import { useQueryClient } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { type FormEvent, useState } from "react";
import { api, type Schema } from "@/api/client";
import { Problem, problemOf } from "@/api/problem";
import { samplesQuery } from "@/api/queries/samples";
import type { Source } from "@/codes/source";
import { useTranslation } from "@/i18n/texts";
import { Button } from "@/kit/button";
import { TextField } from "@/kit/field";
import { messageOf } from "@/kit/state";
import { notify } from "@/kit/toast";
import { entityWords } from "./event-search";

interface Props {
  trigger: Schema<"TriggerRef">;
  onChoose: (source: Source) => void;
}

/** Fetches an order, shipment or cart from the store by its id and keeps it as a sample. Nothing fires. */
export function FetchSample({ trigger, onChoose }: Props) {
  const { t } = useTranslation("builder");
  const client = useQueryClient();
  const [id, setId] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const store = trigger.authentication_id;
  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      const sample = await fetchSample(trigger, id.trim());
      const kept = await client.fetchQuery({ ...samplesQuery(trigger.type ?? ""), staleTime: 0 });
      const entity = kept.find((k) => k.id === sample)?.entity ?? id.trim();
      notify(t("chooser.fetched"));
      onChoose({ kind: "sample", id: sample, label: t("chooser.sampleLabel", { label: entityWords(entity, t) }) });
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  }
  return (
    <section aria-label={t("chooser.fetch")}>
      <h3 className="mb-1 font-semibold">{t("chooser.fetch")}</h3>
      {store ? (
        <form onSubmit={submit} className="flex flex-wrap items-end gap-2">
          <TextField
            className="min-w-0 grow basis-64"
            label={t("chooser.fetchId")}
            help={t("chooser.fetchHelp")}
            error={error ? wrong(error) : undefined}
            required
            value={id}
            onChange={(e) => setId(e.target.value)}
          />
          <Button type="submit" busy={busy} icon={<Download aria-hidden className="size-4" />}>
            {t("chooser.fetchNow")}
          </Button>
        </form>
      ) : (
        <p className="text-muted">{t("chooser.noStore")}</p>
      )}
    </section>
  );
}

function wrong(error: unknown): string {
  return error instanceof Problem && error.errors[0] ? error.errors[0].message : messageOf(error);
}

async function fetchSample(trigger: Schema<"TriggerRef">, id: string): Promise<string> {
  const { error, response } = await api.POST("/api/v1/triggers/{type}/sample", {
    params: { path: { type: trigger.type ?? "" } },
    body: { authentication_id: trigger.authentication_id ?? "", id, keep: true },
  });
  if (!response.ok) {
    throw problemOf(response, error);
  }
  return response.headers.get("Location")?.split("/").pop() ?? "";
}
