import { createFileRoute } from "@tanstack/react-router";
import { Tokens } from "@/settings/tokens";

export const Route = createFileRoute("/settings/tokens")({ component: Tokens });
