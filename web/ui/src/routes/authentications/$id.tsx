import { createFileRoute } from "@tanstack/react-router";
import * as z from "zod/mini";
import { AuthenticationDetail } from "@/authentications/detail";

const search = z.object({ test: z.optional(z.boolean()) });

export const Route = createFileRoute("/authentications/$id")({
  validateSearch: (given) => search.parse(given),
  component: function One() {
    const { id } = Route.useParams();
    const { test } = Route.useSearch();
    return <AuthenticationDetail key={id} id={id} testNow={test === true} />;
  },
});
