import { QueryClient } from "@tanstack/react-query";
import { Problem } from "./problem";

/** What the server has answered is shown while it is asked again; a refusal is not asked twice. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (count, error) => count < 2 && !(error instanceof Problem && error.status < 500),
      refetchOnWindowFocus: true,
    },
    mutations: { retry: false },
  },
});
