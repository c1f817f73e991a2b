import { createFileRoute } from "@tanstack/react-router";
import { Users } from "@/settings/users";

export const Route = createFileRoute("/settings/users")({ component: Users });
