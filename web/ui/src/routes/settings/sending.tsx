import { createFileRoute } from "@tanstack/react-router";
import { Sending } from "@/settings/sending";

export const Route = createFileRoute("/settings/sending")({ component: Sending });
