import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, body } from "@/api/client";

/** The names of the workflows by id; beyond the first 200 the id has to do. */
const workflowNamesQuery = queryOptions({
  queryKey: ["workflows", "names"],
  queryFn: async () => {
    const { items } = await body(api.GET("/api/v1/workflows", { params: { query: { limit: 200 } } }));
    return new Map(items.map((w) => [w.id, w.name]));
  },
});

/** Tells the name of a workflow; its id as long as the name is not known. */
export function useWorkflowNames(): (id: string) => string {
  const names = useQuery(workflowNamesQuery).data;
  return (id) => names?.get(id) || id;
}
