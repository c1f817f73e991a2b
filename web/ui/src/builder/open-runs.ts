import { api, body, type Schema } from "@/api/client";

/** Runs of one version that are not done yet. */
export type OpenRuns = Schema<"OpenRuns">;

/** The runs of a workflow that are not done, by version. */
export function openRuns(workflow: Schema<"Workflow">): OpenRuns[] {
  return workflow.activity?.open_by_version ?? [];
}

/** How many of them wait. */
export function waitingIn(open: readonly OpenRuns[]): number {
  return open.reduce((sum, o) => sum + o.waiting, 0);
}

/** Cancels the waiting runs of some versions; how many it were. */
export async function cancelWaiting(id: string, versions: readonly number[]): Promise<number> {
  let cancelled = 0;
  for (const version of versions) {
    const answer = await body(
      api.POST("/api/v1/workflows/{id}/cancel-runs", { params: { path: { id } }, body: { version } }),
    );
    cancelled += answer.cancelled;
  }
  return cancelled;
}
