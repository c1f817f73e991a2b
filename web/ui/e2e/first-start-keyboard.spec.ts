import type { Locator, Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { password } from "./places";
import { Flow } from "./screens/flow";
import { tabTo } from "./screens/keyboard";
import { Start } from "./screens/start";
import { Installation, Sim } from "./server";
import { MailSink } from "./sink";

const far = { most: 200 }; // a page has many controls

/** Goes to a field with the Tab key and writes over what stands in it. */
async function write(page: Page, field: Locator, text: string) {
  await tabTo(page, field, far);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
}

/** Goes to a list of choices and types the beginning of one. */
async function pick(page: Page, field: Locator, beginning: string) {
  await tabTo(page, field, far);
  await page.keyboard.type(beginning);
}

/** Goes to a button and presses it. */
async function press(page: Page, button: Locator) {
  await tabTo(page, button, far);
  await page.keyboard.press("Enter");
}

test("the keyboard alone leads from an empty folder to a published workflow whose mail arrives", async ({
  browser,
  watch,
}) => {
  test.setTimeout(120_000);
  const [installation, sim, sink] = await Promise.all([Installation.make(), Sim.start(), MailSink.start()]);
  const context = await browser.newContext({
    baseURL: installation.origin,
    storageState: { cookies: [], origins: [] },
  });
  const page = await context.newPage();
  watch.on(page);
  try {
    await installation.start();
    await page.goto(await installation.link());
    await write(page, page.getByLabel("E-mail address"), "owner@example.com");
    await write(page, page.getByLabel("Password", { exact: true }), password);
    await write(page, page.getByLabel("The same password again"), password);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/start$/);

    const start = new Start(page);
    const store = start.step("Connect your store");
    await write(
      page,
      store.getByLabel(/^The file's text/),
      `ACCESS TOKEN: ${sim.token}\nCLIENT SECRET: ${sim.secret}\nAPI PATH: https://api.bigcommerce.com/stores/${sim.hash}/v3/\n`,
    );
    await expect(store.getByLabel(/^Store hash/)).toHaveValue(sim.hash);
    await write(page, store.getByLabel(/^API address/), sim.url);
    await press(page, store.getByRole("button", { name: "Save and test" }));
    await expect(store).toContainText("Done");

    const sender = start.step("Connect a mail server");
    await write(page, sender.getByLabel(/^Host/), "127.0.0.1");
    await write(page, sender.getByLabel(/^Port/), String(sink.port));
    await write(page, sender.getByLabel(/^From/), "Shop <shop@example.com>");
    await pick(page, sender.getByLabel(/^Encryption/), "None");
    await press(page, sender.getByRole("button", { name: "Save and test" }));
    await expect(sender).toContainText("Done");

    const { order_id: order } = await sim.cause("order?status=11");
    const event = start.step("Get an event to build with");
    await pick(page, event.getByLabel("As for the trigger"), "Order status");
    await write(page, event.getByLabel(/^Number of an order/), String(order));
    await press(page, event.getByRole("button", { name: "Fetch and keep as a sample" }));
    await expect(event.getByText("It was fetched and kept.")).toBeVisible();

    const builder = new Flow(page);
    await press(page, start.step("Take a ready-made workflow").getByRole("button", { name: "Choose a workflow" }));
    const chosen = builder.dialog.getByRole("radio", { name: /^Payment problem/ });
    await tabTo(page, builder.dialog.getByRole("radio", { checked: true }), far);
    for (let i = 0; i < 10 && !(await chosen.isChecked()); i++) {
      await page.keyboard.press("ArrowDown");
    }
    await expect(chosen).toBeChecked();
    await press(page, builder.dialog.getByRole("button", { name: "Create and open" }));
    await expect(builder.name).toHaveValue("Payment problem");

    await press(page, builder.header.getByRole("button", { name: "Publish …" }));
    await press(page, builder.dialog.getByRole("button", { name: "Publish", exact: true }));
    await expect(builder.header).toContainText("Live");

    await expect
      .poll(async () => {
        const answer = await context.request.get("/api/v1/authentications");
        const { items } = (await answer.json()) as { items: { type: string; hooks?: { state: string } }[] };
        return items.find((a) => a.type === "bigcommerce")?.hooks?.state;
      }, "the webhooks")
      .toBe("active");
    await sim.cause(`status?order=${order}&status=6`);
    await expect.poll(() => sink.mails.length, { message: "mails at the sink", timeout: 20_000 }).toBe(1);
  } finally {
    await context.close();
    await Promise.all([installation.remove(), sim.stop(), sink.stop()]);
  }
});
