import { createFileRoute } from "@tanstack/react-router";
import * as z from "zod/mini";
import { EventList } from "@/events/list";

const search = z.object({
  trigger: z.optional(z.string()),
  status: z.optional(z.enum(["accepted", "done", "failed"])),
  email: z.optional(z.string()),
  entity: z.optional(z.string()),
  authentication_id: z.optional(z.string()),
  from: z.optional(z.string()),
  to: z.optional(z.string()),
});

export const Route = createFileRoute("/events/")({
  validateSearch: (given) => search.parse(given),
  component: function Events() {
    return <EventList filter={Route.useSearch()} />;
  },
});
