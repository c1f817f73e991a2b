import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { eventQuery } from "@/api/queries/events";
import { samplesQuery } from "@/api/queries/samples";
import { useTranslation } from "@/i18n/texts";
import { entityWords, eventSearchQuery } from "./event-search";
import { useBuilder, useBuilderStore } from "./state/store";

/**
 * Chooses the event that the address asks for, else the trigger's latest, else a kept sample, for previews, until a person
 * chooses. Another trigger begins anew.
 */
export function useDefaultSource(asked = "") {
  const store = useBuilderStore();
  const { t } = useTranslation("builder");
  const trigger = useBuilder((s) => s.doc.trigger);
  const events = useQuery(eventSearchQuery(trigger, "", 1));
  const samples = useQuery(samplesQuery(trigger.type ?? ""));
  const wanted = useQuery(eventQuery(asked));
  const of = `${trigger.type} ${trigger.authentication_id}`;
  const done = useRef("");
  useEffect(() => {
    if (done.current !== of && done.current !== "") {
      store.getState().setSource({ kind: "builtin" }); // what was chosen is of another trigger
      done.current = "";
    }
    if (
      done.current === of ||
      wanted.isFetching ||
      events.isFetching ||
      samples.isFetching ||
      (!events.data && !events.error)
    ) {
      return;
    }
    done.current = of;
    const event = wanted.data?.trigger === trigger.type ? wanted.data : events.data?.[0];
    const sample = samples.data?.[0];
    if (event) {
      store.getState().setSource({ kind: "event", id: event.id, label: entityWords(event.entity, t) });
    } else if (sample) {
      const label = t("chooser.sampleLabel", { label: entityWords(sample.entity, t) });
      store.getState().setSource({ kind: "sample", id: sample.id, label });
    }
  }, [
    of,
    trigger.type,
    wanted.isFetching,
    wanted.data,
    events.isFetching,
    events.data,
    events.error,
    samples.isFetching,
    samples.data,
    store,
    t,
  ]);
}
