import { queryOptions } from "@tanstack/react-query";
import { api, body, type Schema } from "@/api/client";
import type { Code } from "./codes";

/** What the batched preview answers for one template. */
export type Rendered = Schema<"PreviewPart">;

/** How many templates the server takes at once. */
const most = 50;

/** Renders several templates of one trigger and one source in a single request; of very many in a few. */
export async function renderAll(
  trigger: Schema<"TriggerRef">,
  source: { event_id?: string; sample_id?: string },
  templates: Record<string, Schema<"PlacedTemplate">>,
  signal?: AbortSignal,
): Promise<Record<string, Rendered>> {
  const names = Object.keys(templates);
  const parts = Array.from({ length: Math.ceil(names.length / most) }, (_, i) => names.slice(i * most, (i + 1) * most));
  const answers = await Promise.all(
    parts.map(async (part) => {
      const some = Object.fromEntries(part.flatMap((n) => (templates[n] ? [[n, templates[n]] as const] : [])));
      const request = { trigger, ...source, format: "text" as const, templates: some };
      return body(api.POST("/api/v1/merge/preview", { body: request, signal }));
    }),
  );
  return Object.fromEntries(answers.flatMap((a) => Object.entries(a.results ?? {})));
}

/** What every merge code is in a kept sample: one text with all of them. A sample is whole, so that nothing is fetched for it. */
export const sampleValuesQuery = (trigger: Schema<"TriggerRef">, sampleId: string, codes: Code[]) =>
  queryOptions({
    queryKey: ["sample-values", trigger, sampleId, codes.length],
    queryFn: async ({ signal }): Promise<Record<string, unknown>> => {
      const all = { template: codes.map((c) => `{{ ${c.code} }}`).join(""), format: "text" as const };
      const { all: result } = await renderAll(trigger, { sample_id: sampleId }, { all }, signal);
      return Object.fromEntries((result?.codes ?? []).map((use) => [use.code, use.value]));
    },
    staleTime: 5 * 60_000,
    enabled: sampleId !== "" && codes.length > 0,
  });
