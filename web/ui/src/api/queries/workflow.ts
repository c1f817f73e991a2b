import { queryOptions } from "@tanstack/react-query";
import { api, body, tagged } from "@/api/client";

/** One workflow with its draft, and the tag that the next change sends. */
export const workflowQuery = (id: string) =>
  queryOptions({
    queryKey: ["workflow", id],
    queryFn: async () => {
      const { body: workflow, etag } = await tagged(api.GET("/api/v1/workflows/{id}", { params: { path: { id } } }));
      return { workflow, etag };
    },
  });

/** The versions of a workflow, newest first. */
export const versionsQuery = (id: string) =>
  queryOptions({
    queryKey: ["workflow", id, "versions"],
    queryFn: async () =>
      (await body(api.GET("/api/v1/workflows/{id}/versions", { params: { path: { id }, query: { limit: 200 } } })))
        .items,
  });

/** One version: it never changes. */
export const versionQuery = (id: string, version: number) =>
  queryOptions({
    queryKey: ["workflow", id, "version", version],
    queryFn: () => body(api.GET("/api/v1/workflows/{id}/versions/{version}", { params: { path: { id, version } } })),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: version > 0,
  });
