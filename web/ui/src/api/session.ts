import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { api, body, type Schema } from "./client";

export type Session = Schema<"Session">;
export type Role = Session["role"];

/** Who is signed in, and what the whole app needs to know of the installation. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: () => body(api.GET("/api/v1/session")),
  staleTime: 60_000,
});

/** Who is signed in. The root route has loaded it. */
export function useSession(): Session {
  return useSuspenseQuery(sessionQuery).data;
}

const ranks: Role[] = ["viewer", "editor", "integration_manager", "admin"];

/** Whether the person may do what needs this role. What a role may not do is absent from the screen; the API refuses it anyway. */
export function useMay(role: Role): boolean {
  return ranks.indexOf(useSession().role) >= ranks.indexOf(role);
}
