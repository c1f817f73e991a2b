import { createFileRoute } from "@tanstack/react-router";
import { RunDetail } from "@/runs/detail";

export const Route = createFileRoute("/runs/$id")({
  component: function Run() {
    const { id } = Route.useParams();
    return <RunDetail key={id} id={id} />;
  },
});
