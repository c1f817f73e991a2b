import { createRouter } from "@tanstack/react-router";
import { queryClient } from "./api/query-client";
import { basePath } from "./boot";
import { routeTree } from "./routeTree.gen";
import { Crash } from "./shell/crash";
import { NotFound } from "./shell/not-found";

/** Which screen an address shows. */
export const router = createRouter({
  routeTree,
  basepath: basePath || "/",
  context: { queryClient },
  defaultPreload: "intent",
  defaultErrorComponent: Crash,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: false,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
