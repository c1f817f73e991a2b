import { type APIRequestContext, expect } from "@playwright/test";

/** Makes a draft over the API: a wait and a stop, or the given steps. */
export async function makeWorkflow(
  api: APIRequestContext,
  name: string,
  definition: Record<string, unknown> = {},
): Promise<{ id: string }> {
  const answer = await api.post("/api/v1/workflows", {
    data: {
      name,
      trigger: { type: "bigcommerce.order_created" },
      condition: "",
      steps: [{ id: "wait", type: "delay", config: { for: "1h" } }],
      ...definition,
    },
  });
  expect(answer.status(), await answer.text()).toBe(201);
  return answer.json();
}
