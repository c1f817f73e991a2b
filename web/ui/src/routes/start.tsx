import { createFileRoute } from "@tanstack/react-router";
import { Start } from "@/start/start";

export const Route = createFileRoute("/start")({ component: Start });
