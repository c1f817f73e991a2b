import { createFileRoute } from "@tanstack/react-router";
import { Alerts } from "@/settings/alerts";

export const Route = createFileRoute("/settings/alerts")({ component: Alerts });
