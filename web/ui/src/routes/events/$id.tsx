import { createFileRoute } from "@tanstack/react-router";
import { EventDetail } from "@/events/detail";

export const Route = createFileRoute("/events/$id")({
  component: function One() {
    const { id } = Route.useParams();
    return <EventDetail key={id} id={id} />;
  },
});
