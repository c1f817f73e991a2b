import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { useStore } from "zustand";
import { createStore, type StoreApi } from "zustand/vanilla";
import { useMay } from "@/api/session";
import { type Rendered, renderAll } from "./sample-values";
import { sourceBody, usePreviewContext } from "./source";

/** Where a template's output lands, and so how values are escaped. */
export type TemplatePlace = "text" | "html" | "json" | "url" | "header";

interface Entry {
  template: string;
  format: TemplatePlace;
}

type Entries = Record<string, Entry>;

export interface Preview extends Partial<Rendered> {
  /** none: nothing to render; waiting: asked, not answered yet for what stands there now; ready; failed */
  state: "none" | "waiting" | "ready" | "failed";
  error?: unknown;
}

interface Answer {
  asked: Entries;
  results: Record<string, Rendered>;
}

interface Batch {
  entries: StoreApi<Entries>;
  answer: Answer | undefined;
  error: unknown;
  /** viewers make no previews: their values would not be masked */
  may: boolean;
}

const BatchContext = createContext<Batch | undefined>(undefined);

/** How long typing must rest before the server is asked. */
const pause = 200;

/** Everything below it that shows a preview is rendered by one request. */
export function PreviewBatch({ children }: { children: ReactNode }) {
  const [entries] = useState(() => createStore<Entries>(() => ({})));
  const asked = useRested(useStore(entries), pause);
  const { trigger, source } = usePreviewContext();
  const may = useMay("editor");
  const { data, error } = useQuery({
    queryKey: ["preview", trigger, source, asked],
    queryFn: async ({ signal }): Promise<Answer> => ({
      asked,
      results: await renderAll(trigger, sourceBody(source), asked, signal),
    }),
    enabled: may && Object.keys(asked).length > 0 && Boolean(trigger.type),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    gcTime: 30_000,
    retry: 1,
  });
  const batch = useMemo<Batch>(() => ({ entries, answer: data, error, may }), [entries, data, error, may]);
  return <BatchContext value={batch}>{children}</BatchContext>;
}

/** What a template prints for the chosen event. name tells the previews of one batch apart. An empty template asks nothing. */
export function usePreview(name: string, template: string, place: TemplatePlace): Preview {
  const batch = useContext(BatchContext);
  if (!batch) {
    throw new Error("There is no PreviewBatch around this.");
  }
  const { entries, answer, error, may } = batch;
  useEffect(() => {
    if (template === "") {
      return;
    }
    const own = { template, format: place };
    entries.setState((all) => ({ ...all, [name]: own }));
    return () =>
      entries.setState((all) => {
        const { [name]: last, ...others } = all;
        return last === own ? others : all; // the same preview may stand elsewhere by now, in a dialog say
      }, true);
  }, [entries, name, template, place]);

  return useMemo(() => {
    if (template === "" || !may) {
      return { state: "none" };
    }
    const result = answer?.results[name];
    const asked = answer?.asked[name];
    if (result && asked?.template === template && asked.format === place) {
      return { state: "ready", ...result };
    }
    return error ? { state: "failed", error } : { state: "waiting", ...result };
  }, [template, place, answer, error, name, may]);
}

/** A value once it has stayed the same for a while. */
function useRested<T>(value: T, ms: number): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return rested;
}
