import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { Flow } from "./screens/flow";
import { ask, call, draft, mail, makeWorkflow } from "./screens/made";

// A trace takes a picture of all 200 steps at each key: it would be what is measured.
test.use({ trace: "off" });

// Generous, for a busy machine: what a person would notice is far longer than what is usual.
const tooLong = 1000; // ms

/** Notes how long the page was busy at a stretch; returns the longest since the last time it was asked. */
async function busy(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript(() => {
    const tasks: number[] = [];
    Object.assign(window, { tasks });
    new PerformanceObserver((list) => {
      tasks.push(...list.getEntries().map((entry) => Math.round(entry.duration)));
    }).observe({ type: "longtask", buffered: true });
  });
  return () => page.evaluate(() => Math.max(0, ...(window as unknown as { tasks: number[] }).tasks.splice(0)));
}

test("a workflow of 200 steps is opened, walked, edited and tested without a stop", async ({ page, api }) => {
  const forks = Array.from({ length: 20 }, (_, f) => ({
    id: `fork-${f}`,
    type: "branch",
    branches: [
      { name: `A ${f}`, condition: `BigCommerce.Order.total_inc_tax > ${f}`, steps: [call(`a-${f}`), call(`b-${f}`)] },
      { name: `B ${f}`, condition: `BigCommerce.Order.items_total > ${f}`, steps: [call(`c-${f}`), call(`d-${f}`)] },
    ],
    otherwise: [call(`e-${f}`), call(`f-${f}`)],
  }));
  const steps = [...forks, ...Array.from({ length: 60 }, (_, i) => call(`s-${i}`))];
  const id = await makeWorkflow(api, { name: "Two hundred steps", steps });
  const longest = await busy(page);
  const builder = new Flow(page);
  const opened = async () => {
    await builder.open(id);
    await expect(builder.card("fork-0")).toBeVisible();
    expect(await builder.steps()).toHaveLength(200);
    return longest();
  };
  // the better of two, because other work on the machine may come between
  expect.soft(Math.min(await opened(), await opened()), "opening").toBeLessThan(tooLong);
  await builder.takeBuiltin();

  await builder.trigger.focus();
  await page.keyboard.press("End");
  await expect(builder.line("s-59")).toBeFocused();
  for (let i = 0; i < 20; i++) {
    await page.keyboard.press("ArrowUp");
  }
  await expect(builder.line("s-39")).toBeFocused();
  await expect(builder.text("URL")).toBeVisible();
  expect.soft(await longest(), "walking").toBeLessThan(tooLong);

  await page.keyboard.press("d");
  await expect.poll(() => builder.steps()).toHaveLength(201);
  await builder.text("URL").focus();
  await page.keyboard.press("End");
  await page.keyboard.type("/typed/at/the/end");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await expect.poll(() => builder.steps()).toHaveLength(200);
  await builder.settled();
  expect((await draft(api, id)).steps).toHaveLength(80);
  expect.soft(await longest(), "editing").toBeLessThan(tooLong);

  await builder.test();
  await expect(builder.panel.getByRole("region", { name: "Steps" }).getByRole("listitem")).toHaveCount(200);
  expect.soft(await longest(), "testing").toBeLessThan(tooLong);
});

test("a value of a megabyte is shown where values are shown", async ({ page, api }) => {
  const code = "BigCommerce | Order | staff_notes";
  const huge = `beginning ${"0123456789 abcdef ".repeat(55_000)}`;
  // the demo's store has nothing as large: its event is enlarged on the way, and what is rendered of it
  await page.route("**/api/v1/events/*", async (route) => {
    const answer = await route.fetch();
    const event = (await answer.json()) as { merge_codes?: Record<string, unknown> };
    await route.fulfill({ json: { ...event, merge_codes: { ...event.merge_codes, [code]: huge } } });
  });
  await page.route("**/api/v1/merge/preview", async (route) => {
    const answer = await route.fetch();
    const { results, ...rest } = (await answer.json()) as { results?: Record<string, { output: string }> };
    const enlarged = Object.entries(results ?? {}).map(([name, r]) => [
      name,
      name.includes("html") ? { ...r, output: huge } : r,
    ]);
    await route.fulfill({ json: { ...rest, results: Object.fromEntries(enlarged) } });
  });
  const list = await ask<{ items: { id: string }[] }>(api, "/api/v1/events?trigger=bigcommerce.order_created&limit=1");
  const longest = await busy(page);

  // on the event's own page
  await page.goto(`/events/${list.items[0]?.id}`);
  const codes = page.getByRole("region", { name: "Merge codes" });
  await codes.getByRole("searchbox").fill("staff_notes");
  await expect(codes.getByRole("row").filter({ hasText: code })).toContainText("beginning 0123456789");
  expect.soft(await longest(), "the event").toBeLessThan(tooLong);

  // in the picker, and below the field
  const id = await makeWorkflow(api, { name: "Megabyte", steps: [mail("tell", "Notes", `<p>{{ ${code} }}</p>`)] });
  const builder = new Flow(page);
  await page.goto(`/workflows/${id}?event=${list.items[0]?.id}`);
  await builder.line("tell").click();
  const preview = builder.inspector.getByRole("region", { name: "Preview of the message" });
  await preview.getByRole("tab", { name: "Plain text" }).click();
  await expect(preview.getByRole("tabpanel")).toContainText("beginning 0123456789");
  expect.soft(await longest(), "the preview").toBeLessThan(tooLong);

  const picker = await builder.openPicker("Subject");
  await picker.search.fill("staff");
  await expect(picker.options.first()).toContainText("beginning 0123456789");
  await picker.search.fill("0123456789 abcdef");
  await expect(picker.options.first()).toContainText("staff_notes");
  await page.keyboard.press("Escape");
  await builder.text("Subject").focus();
  await page.keyboard.press("End");
  await page.keyboard.type(" and more");
  await builder.settled();
  expect.soft(await longest(), "picking and typing").toBeLessThan(tooLong);
});
