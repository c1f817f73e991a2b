import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import type { Schema } from "@/api/client";
import type { Source } from "@/codes/source";
import { useTranslation } from "@/i18n/texts";
import { TextField } from "@/kit/field";
import { EmptyState, ErrorState, Skeleton } from "@/kit/state";
import { Time } from "@/kit/time";
import { entityWords, eventSearchQuery } from "./event-search";
import { SourceRow } from "./source-row";

interface Props {
  trigger: Schema<"TriggerRef">;
  chosen: Source;
  onChoose: (source: Source) => void;
}

/** The latest events of the trigger, and those that a search finds. */
export function EventList({ trigger, chosen, onChoose }: Props) {
  const { t } = useTranslation("builder");
  const [text, setText] = useState("");
  const search = useDeferredValue(text);
  const query = useQuery({ ...eventSearchQuery(trigger, search), placeholderData: keepPreviousData });
  return (
    <section aria-label={t("chooser.events")} className="flex flex-col gap-2">
      <h3 className="font-semibold">{t("chooser.events")}</h3>
      <TextField
        type="search"
        autoFocus
        label={t("chooser.search")}
        help={t("chooser.searchHelp")}
        value={text}
        onChange={(e) => setText(e.target.value)}
      />
      {query.isPending ? <Skeleton lines={3} /> : null}
      {query.error ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.data?.length === 0 ? (
        <EmptyState
          title={search ? t("chooser.notFound") : t("chooser.noEvents")}
          text={search ? t("chooser.notFoundText") : t("chooser.noEventsText")}
        />
      ) : null}
      {query.data && query.data.length > 0 ? (
        <ul className="flex max-h-64 flex-col gap-1 overflow-auto p-0.5" aria-label={t("chooser.events")}>
          {query.data.map((event) => {
            const label = entityWords(event.entity, t);
            return (
              <li key={event.id}>
                <SourceRow
                  chosen={chosen.kind === "event" && chosen.id === event.id}
                  title={label}
                  onChoose={() => onChoose({ kind: "event", id: event.id, label })}
                >
                  <Time at={event.received_at} />
                </SourceRow>
              </li>
            );
          })}
        </ul>
      ) : null}
    </section>
  );
}
