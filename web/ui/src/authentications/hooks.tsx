import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Wrench } from "lucide-react";
import { api, body, type Schema } from "@/api/client";
import { useMay } from "@/api/session";
import { useTranslation } from "@/i18n/texts";
import { Badge, type Tone } from "@/kit/badge";
import { Button } from "@/kit/button";
import { Section } from "@/kit/page";
import { ErrorState } from "@/kit/state";
import { Time } from "@/kit/time";
import { notify } from "@/kit/toast";
import { PublicURLCheck } from "./public-url";

const tones: Record<string, Tone> = { active: "good", pending: "info", failed: "bad" };

/** The webhooks of a store: which are registered, whether they are on, and a way to repair them. */
export function HooksSection({ authentication: a }: { authentication: Schema<"Authentication"> }) {
  const { t } = useTranslation("authentications");
  const may = useMay("integration_manager");
  const client = useQueryClient();
  const repair = useMutation({
    mutationFn: () => body(api.POST("/api/v1/authentications/{id}/hooks/repair", { params: { path: { id: a.id } } })),
    onSuccess: () => {
      notify(t("hooks.repairing"));
      void client.invalidateQueries({ queryKey: ["authentication", a.id] });
    },
  });
  const hooks = a.hooks;
  if (!hooks) {
    return null;
  }
  return (
    <Section
      title={t("hooks.title")}
      actions={
        hooks.state ? (
          <Badge tone={tones[hooks.state] ?? "neutral"}>{t(`hooks.state.${hooks.state}`, hooks.state)}</Badge>
        ) : null
      }
    >
      {hooks.reason ? <p className="mb-2 break-words text-bad">{hooks.reason}</p> : null}
      {hooks.hooks.length === 0 ? (
        <p className="text-muted">{t("hooks.none")}</p>
      ) : (
        <ul className="divide-y divide-line">
          {hooks.hooks.map((hook) => (
            <li key={hook.id} className="flex items-center justify-between gap-2 py-1.5">
              <code className="font-mono text-sm break-all">{hook.scope}</code>
              <Badge tone={hook.active ? "good" : "bad"}>{hook.active ? t("hooks.on") : t("hooks.off")}</Badge>
            </li>
          ))}
        </ul>
      )}
      <p className="mt-2 text-sm text-muted">
        {t("hooks.checked")} <Time at={hooks.checked_at} />
      </p>
      {may ? (
        <div className="mt-3 flex flex-col gap-3">
          <div>
            <Button
              busy={repair.isPending}
              icon={<Wrench aria-hidden className="size-4" />}
              onClick={() => repair.mutate()}
            >
              {t("hooks.repair")}
            </Button>
          </div>
          {repair.error ? <ErrorState error={repair.error} /> : null}
          <PublicURLCheck />
        </div>
      ) : null}
    </Section>
  );
}
