import { createFileRoute } from "@tanstack/react-router";
import * as z from "zod/mini";
import { RunList } from "@/runs/list";

const search = z.object({
  workflow_id: z.optional(z.string()),
  status: z.optional(z.enum(["running", "waiting", "succeeded", "failed", "cancelled"])),
  email: z.optional(z.string()),
  entity: z.optional(z.string()),
  event_id: z.optional(z.string()),
  from: z.optional(z.string()),
  to: z.optional(z.string()),
});

export const Route = createFileRoute("/runs/")({
  validateSearch: (given) => search.parse(given),
  component: function Runs() {
    return <RunList filter={Route.useSearch()} />;
  },
});
