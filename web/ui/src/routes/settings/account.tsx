import { createFileRoute } from "@tanstack/react-router";
import { Account } from "@/settings/account";

export const Route = createFileRoute("/settings/account")({ component: Account });
