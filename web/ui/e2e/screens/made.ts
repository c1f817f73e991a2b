import { type APIRequestContext, expect } from "@playwright/test";

/** Part of a definition, as the API takes it. */
export interface Made {
  name: string;
  trigger?: { type: string; authentication_id?: string };
  condition?: string;
  once_per?: string;
  steps?: unknown[];
}

/** Makes a workflow over the API and returns its id. */
export async function makeWorkflow(api: APIRequestContext, made: Made): Promise<string> {
  const trigger = { type: "bigcommerce.order_created", authentication_id: "demo-store" };
  const answer = await api.post("/api/v1/workflows", { data: { trigger, condition: "", steps: [], ...made } });
  expect(answer.status(), await answer.text()).toBe(201);
  return ((await answer.json()) as { id: string }).id;
}

/** Asks the API, and fails when it refuses. */
export async function ask<T>(api: APIRequestContext, path: string): Promise<T> {
  const answer = await api.get(path);
  expect(answer.ok(), `${path}: ${answer.status()}`).toBe(true);
  return (await answer.json()) as T;
}

interface Draft {
  name: string;
  status: string;
  condition: string;
  steps: { id: string; config?: Record<string, unknown> }[];
}

/** A draft as it is stored. */
export const draft = (api: APIRequestContext, id: string) => ask<Draft>(api, `/api/v1/workflows/${id}`);

/** Takes a workflow away that a test has made live: it would go on deciding about events. */
export async function away(api: APIRequestContext, id: string) {
  expect((await api.delete(`/api/v1/workflows/${id}`)).ok()).toBe(true);
}

/** An HTTP step that is complete. */
export const call = (id: string, url = "https://hooks.example.com/x") => ({
  id,
  type: "http_request",
  config: { method: "GET", url },
});

/** A mail step that is complete. */
export const mail = (id: string, subject: string, html = "<p>Hello</p>") => ({
  id,
  type: "send_email",
  config: { authentication_id: "demo-mail", to: "{{ BigCommerce | Order | billing_address | email }}", subject, html },
});
