import { createFileRoute } from "@tanstack/react-router";
import * as z from "zod/mini";
import { WorkflowList } from "@/workflows/list";

const search = z.object({
  q: z.optional(z.string()),
  status: z.optional(z.enum(["draft", "live", "paused"])),
  new: z.optional(z.boolean()),
});

export const Route = createFileRoute("/workflows/")({
  validateSearch: (given) => search.parse(given),
  component: function Workflows() {
    const { new: making, ...filter } = Route.useSearch();
    return <WorkflowList filter={filter} making={making === true} />;
  },
});
