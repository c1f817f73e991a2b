import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { APIRequestContext, Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { ask, away, makeWorkflow } from "./screens/made";

// What a workflow calls: answers as it is told to, on a free port of this machine.
let target: Server;
let answer = 500;
test.beforeAll(async () => {
  target = createServer((_, response) => {
    response.writeHead(answer, { "content-type": "text/plain" }).end(`answered with ${answer}`);
  });
  await new Promise<void>((ready) => target.listen(0, "127.0.0.1", ready));
});
test.afterAll(() => new Promise((done) => target.close(done)));

async function live(api: APIRequestContext, name: string, condition: string): Promise<string> {
  const url = `http://127.0.0.1:${(target.address() as AddressInfo).port}/orders`;
  const config = { method: "POST", url, body_type: "text", body: "{{ BigCommerce | Order | id }}" };
  const step = { id: "hand", type: "http_request", config: { ...config, authentication_id: "demo-inbox" } };
  const id = await makeWorkflow(api, { name, condition, steps: [{ ...step, retry: { attempts: 1 } }] });
  const published = await api.post(`/api/v1/workflows/${id}/publish`, { data: {} });
  expect(published.status(), await published.text()).toBe(200);
  return id;
}

// Lets an order of the demo come in once more and stays at its event.
async function again(page: Page, api: APIRequestContext) {
  const list = await ask<{ items: { id: string }[] }>(api, "/api/v1/events?trigger=bigcommerce.order_created&limit=1");
  await page.goto(`/events/${list.items[0]?.id}`);
  await page.getByRole("button", { name: "Run the event again" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Run the event again" }).click();
  await expect(page.getByText("an earlier event")).toBeVisible();
}

test("a run that failed says why, and goes on once the other end works again", async ({ page, api }) => {
  answer = 500;
  const id = await live(api, "Fails first", "");
  await again(page, api);
  const decision = page.getByRole("listitem").filter({ hasText: "Fails first" });
  await expect(decision).toContainText("fired.");
  await decision.getByRole("link", { name: "Look at its run" }).click();

  await expect(page.getByRole("heading", { name: "Run of Fails first", level: 1 })).toBeVisible();
  const summary = page.getByRole("region", { name: "Summary" });
  await expect(summary).toContainText("Failed");
  const step = page.getByRole("region", { name: "Step hand" });
  await expect(step).toContainText("500");
  await expect(step.getByRole("tabpanel", { name: "Request" })).toContainText("POST http://127.0.0.1:");
  await expect(step).toContainText("Authorization: ***");
  await step.getByRole("tab", { name: "Response" }).click();
  await expect(step.getByRole("tabpanel")).toContainText("answered with 500");

  // the list of failed runs shows it, with a link that keeps its filters
  await page.goto(`/runs?workflow_id=${id}&status=failed`);
  await expect(page.getByRole("row").filter({ hasText: "Fails first" })).toHaveCount(1);
  await page.getByRole("row").filter({ hasText: "Fails first" }).getByRole("link").first().click();

  answer = 200;
  await page.getByRole("button", { name: "Try again from hand" }).click();
  await expect(summary).toContainText("Succeeded");
  await expect(step.getByRole("tab", { name: "Attempts (2)" })).toBeVisible();
  await expect(step.getByRole("combobox", { name: "Attempt" })).toHaveValue("2");
  await step.getByRole("tab", { name: "Response" }).click();
  await expect(step.getByRole("tabpanel")).toContainText("answered with 200");

  // from here to the builder, with this event chosen
  await page.getByRole("link", { name: "Open in the builder" }).click();
  await expect(page.getByRole("button", { name: /^Event for previews: Order \d+/ })).toBeVisible();
  await away(api, id);
});

test("the event says why a workflow did not fire, with the values", async ({ page, api }) => {
  const condition = 'BigCommerce.Order.total_inc_tax > 9999999 and BigCommerce.Order.currency_code != "XXX"';
  const id = await live(api, "Never fires", condition);
  await again(page, api);
  const decision = page.getByRole("listitem").filter({ hasText: "Never fires" });
  await expect(decision).toContainText("did not fire.");
  await expect(decision).toContainText(/total_inc_tax was "[\d.]+", which is not > 9999999/);
  await decision.getByRole("button", { name: "Show each comparison" }).click();
  await expect(decision.getByRole("code").first()).toHaveText(condition);
  await expect(decision.getByRole("listitem").filter({ hasText: "total_inc_tax" }).first()).toContainText(
    /It is “[\d.]+”/,
  );
  await expect(decision.getByRole("img", { name: "Does not hold" }).first()).toBeVisible();

  // and the merge codes of the event, with their values
  const codes = page.getByRole("region", { name: "Merge codes" });
  await codes.getByRole("searchbox").fill("currency_code");
  await expect(codes.getByRole("row").filter({ hasText: "BigCommerce | Order | currency_code" }).first()).toBeVisible();
  await away(api, id);
});
