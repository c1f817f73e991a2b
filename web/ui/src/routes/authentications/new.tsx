import { createFileRoute } from "@tanstack/react-router";
import * as z from "zod/mini";
import { NewAuthentication } from "@/authentications/new";

const search = z.object({ type: z.optional(z.string()) });

export const Route = createFileRoute("/authentications/new")({
  validateSearch: (given) => search.parse(given),
  component: function New() {
    const { type } = Route.useSearch();
    return <NewAuthentication key={type} type={type} />;
  },
});
