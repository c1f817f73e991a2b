import { createFileRoute, redirect } from "@tanstack/react-router";
import { sessionQuery } from "@/api/session";

export const Route = createFileRoute("/")({
  beforeLoad: async ({ context }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery);
    throw redirect({ to: session.needs_setup ? "/start" : "/workflows", replace: true });
  },
});
