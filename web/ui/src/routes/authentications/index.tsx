import { createFileRoute } from "@tanstack/react-router";
import { AuthenticationList } from "@/authentications/list";

export const Route = createFileRoute("/authentications/")({ component: AuthenticationList });
