import { queryOptions } from "@tanstack/react-query";
import { api, body, type Schema } from "@/api/client";

/** What GET /events is asked for a search: an e-mail, an entity as it stands ("cart/x"), or a number or id. */
export function searchOf(text: string, trigger: string): { email?: string; entity?: string } {
  const trimmed = text.trim();
  if (trimmed === "") {
    return {};
  }
  if (trimmed.includes("@")) {
    return { email: trimmed };
  }
  if (trimmed.includes("/")) {
    return { entity: trimmed };
  }
  return { entity: `${kindOf(trigger)}/${trimmed.replace(/^#/, "")}` };
}

/** What the events of a trigger are about, by its name. */
export function kindOf(trigger: string): "order" | "cart" | "customer" {
  if (trigger.includes("cart")) {
    return "cart";
  }
  return trigger.includes("customer") ? "customer" : "order";
}

/** The latest events of a trigger that fit a search. Only those that are done: of the others not all is fetched yet. */
export const eventSearchQuery = (trigger: Schema<"TriggerRef">, text: string, limit = 20) =>
  queryOptions({
    queryKey: ["events", "chooser", trigger.type, trigger.authentication_id, text, limit],
    queryFn: async ({ signal }) =>
      (
        await body(
          api.GET("/api/v1/events", {
            signal,
            params: {
              query: {
                trigger: trigger.type,
                authentication_id: trigger.authentication_id || undefined,
                status: "done",
                limit,
                ...searchOf(text, trigger.type ?? ""),
              },
            },
          }),
        )
      ).items,
    enabled: Boolean(trigger.type),
  });

/** "order/251" as words: "Order 251". */
export function entityWords(entity: string, t: (key: string, values?: Record<string, unknown>) => string): string {
  const [kind = "", ...id] = entity.split("/");
  return t(`chooser.entity.${kind}`, { id: id.join("/"), defaultValue: entity });
}
