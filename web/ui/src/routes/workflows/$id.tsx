import { createFileRoute } from "@tanstack/react-router";
import * as z from "zod/mini";
import { BuilderPage } from "@/builder/builder";

const search = z.object({ event: z.optional(z.string()) });

export const Route = createFileRoute("/workflows/$id")({
  validateSearch: (given) => search.parse(given),
  component: function Workflow() {
    const { id } = Route.useParams();
    return <BuilderPage id={id} event={Route.useSearch().event} />;
  },
});
