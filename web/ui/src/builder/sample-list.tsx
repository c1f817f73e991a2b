import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { api, body } from "@/api/client";
import { samplesQuery } from "@/api/queries/samples";
import type { Source } from "@/codes/source";
import { useTranslation } from "@/i18n/texts";
import { IconButton } from "@/kit/button";
import { ErrorState } from "@/kit/state";
import { Time } from "@/kit/time";
import { notifyError } from "@/kit/toast";
import { entityWords } from "./event-search";
import { SourceRow } from "./source-row";
import { useBuilder } from "./state/store";

interface Props {
  trigger: string;
  chosen: Source;
  onChoose: (source: Source) => void;
}

/** Samples: those that were fetched and kept, and the one that comes with the trigger. */
export function SampleList({ trigger, chosen, onChoose }: Props) {
  const { t } = useTranslation("builder");
  const canEdit = useBuilder((s) => s.canEdit);
  const query = useQuery(samplesQuery(trigger));
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: (id: string) => body(api.DELETE("/api/v1/samples/{id}", { params: { path: { id } } })),
    onSuccess: (_, id) => {
      if (chosen.kind === "sample" && chosen.id === id) {
        onChoose({ kind: "builtin" });
      }
      return client.invalidateQueries({ queryKey: ["samples", trigger] });
    },
    onError: notifyError,
  });
  return (
    <section aria-label={t("chooser.samples")} className="flex flex-col gap-2">
      <h3 className="font-semibold">{t("chooser.samples")}</h3>
      {query.error ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : null}
      <ul className="flex flex-col gap-1" aria-label={t("chooser.samples")}>
        {query.data?.map((sample) => {
          const label = entityWords(sample.entity, t);
          return (
            <li key={sample.id} className="flex items-center gap-1">
              <SourceRow
                chosen={chosen.kind === "sample" && chosen.id === sample.id}
                title={label}
                onChoose={() => onChoose({ kind: "sample", id: sample.id, label: t("chooser.sampleLabel", { label }) })}
              >
                {t("chooser.kept")} <Time at={sample.created_at} />
              </SourceRow>
              {canEdit ? (
                <IconButton
                  label={t("chooser.deleteSample", { label })}
                  disabled={remove.isPending}
                  onClick={() => remove.mutate(sample.id)}
                >
                  <Trash2 aria-hidden className="size-4" />
                </IconButton>
              ) : null}
            </li>
          );
        })}
        <li>
          <SourceRow
            chosen={chosen.kind === "builtin"}
            title={t("chooser.builtin")}
            onChoose={() => onChoose({ kind: "builtin" })}
          >
            {t("chooser.builtinText")}
          </SourceRow>
        </li>
      </ul>
    </section>
  );
}
