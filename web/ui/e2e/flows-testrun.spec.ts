import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { Flow } from "./screens/flow";
import { call, mail, makeWorkflow } from "./screens/made";

// The mails that the demo's catcher has, by their subjects. The page is the demo's own, plain HTML.
async function caught(page: Page, subject: string): Promise<string[]> {
  const answer = await page.request.get("/demo/mailbox");
  expect(answer.ok()).toBe(true);
  const html = await answer.text();
  return html.split("<tr").filter((row) => row.includes(subject));
}

test("a test run sends nothing, and with the tick only to the tester", async ({ page, api }) => {
  const subject = `Trial ${Date.now()}`;
  const id = await makeWorkflow(api, {
    name: "Test run",
    condition: "BigCommerce.Order.total_inc_tax >= 50",
    steps: [{ id: "wait", type: "delay", config: { for: "3d" } }, mail("tell", subject), call("ring")],
  });
  const builder = new Flow(page);
  await builder.open(id);
  await builder.takeBuiltin();
  await builder.test();

  // what it would do, step by step
  const { panel } = builder;
  await expect(panel.getByText("Would fire")).toBeVisible();
  await expect(panel).toContainText('total_inc_tax was "99.3600", which is >= 50.');
  await expect(builder.result("wait")).toContainText("Would wait");
  await expect(builder.result("tell")).toContainText("Would run");
  await expect(builder.result("ring")).toContainText("Would run");
  await builder
    .result("tell")
    .getByRole("button", { name: /Send e-mail/ })
    .first()
    .click();
  await expect(builder.result("tell")).toContainText(subject);
  await expect(builder.line("tell")).toContainText("Would run");
  expect(await caught(page, subject)).toEqual([]);

  // now with the tick: to the person who tests, not to the shopper
  await panel.getByRole("checkbox", { name: "Send the mails to me" }).check();
  await panel.getByRole("button", { name: "Test all steps" }).click();
  await expect(builder.result("tell")).toContainText("Really done");
  await expect(builder.result("tell")).toContainText("This was really sent, to demo@example.com.");
  await expect(builder.result("ring")).toContainText("Would run");
  await expect.poll(async () => (await caught(page, subject)).length).toBe(1);
  expect((await caught(page, subject))[0]).toContain("demo@example.com");

  // an edit makes the result of that step stale, and of no other
  await builder.line("ring").click();
  await builder.write(builder.text("URL"), "https://hooks.example.com/other");
  await expect(builder.result("ring")).toContainText("Stale");
  await expect(builder.result("wait")).not.toContainText("Stale");

  // the tick is gone after a reload
  await builder.settled();
  await page.reload();
  await builder.header.getByRole("button", { name: "Test", exact: true }).click();
  await expect(panel.getByRole("checkbox", { name: "Send the mails to me" })).not.toBeChecked();
});

test("a test run goes up to a step, says why it would not fire, and takes any event", async ({ page, api }) => {
  const id = await makeWorkflow(api, {
    name: "Test run up to",
    condition: "BigCommerce.Order.total_inc_tax >= 50000000",
    steps: [
      {
        id: "fork",
        type: "branch",
        branches: [
          { name: "many", condition: "BigCommerce.Order.items_total > 10", steps: [call("many")] },
          { name: "few", condition: "BigCommerce.Order.items_total > 2", steps: [call("few")] },
        ],
        otherwise: [],
      },
      call("last"),
    ],
  });
  const builder = new Flow(page);
  await builder.open(id);
  await builder.takeBuiltin();
  await builder.line("few").click();
  await builder.header.getByRole("button", { name: "Test", exact: true }).click();
  await builder.panel.getByRole("button", { name: "Test up to 3 HTTP request" }).click();
  await expect(builder.panel.getByText("Would not fire")).toBeVisible();
  await expect(builder.panel).toContainText("99.3600");
  await builder
    .result("fork")
    .getByRole("button", { name: /Branch/ })
    .first()
    .click();
  await expect(builder.result("fork").getByRole("listitem").filter({ hasText: "few" })).toContainText("Taken");
  await expect(builder.result("fork")).toContainText("was 3");
  await expect(builder.result("last")).toContainText("Not reached");

  // any event that came in
  await builder.chooseEvent(/^Order \d+/);
  await builder.panel.getByRole("button", { name: "Test all steps" }).click();
  await expect(builder.panel).toContainText(/Tested with Order \d+/);
});
