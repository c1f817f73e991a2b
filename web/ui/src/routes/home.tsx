import { createFileRoute } from "@tanstack/react-router";
import * as z from "zod/mini";
import { Home } from "@/home/home";

const search = z.object({ hours: z.catch(z.optional(z.union([z.literal(24), z.literal(72), z.literal(168)])), 24) });

export const Route = createFileRoute("/home")({
  validateSearch: (given) => search.parse(given),
  component: function HomePage() {
    const { hours } = Route.useSearch();
    const navigate = Route.useNavigate();
    return <Home hours={hours ?? 24} onHours={(h) => void navigate({ search: { hours: h as 24 | 72 | 168 } })} />;
  },
});
