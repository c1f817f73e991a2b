import { expect, test } from "./fixtures";
import { password } from "./places";
import { Builder } from "./screens/builder";
import { Start } from "./screens/start";
import { Installation, Sim } from "./server";
import { MailSink } from "./sink";

test("from an empty folder to a published workflow whose mail arrives", async ({ browser, watch }) => {
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

    await test.step("the printed link makes the owner", async () => {
      await page.goto(await installation.link());
      await page.getByLabel("E-mail address").fill("owner@example.com");
      await page.getByLabel("Password", { exact: true }).fill(password);
      await page.getByLabel("The same password again").fill(password);
      await page.getByRole("button", { name: "Make the account and sign in" }).click();
      await expect(page).toHaveURL(/\/start$/);
      await expect(page.getByRole("heading", { level: 1, name: "Getting started" })).toBeVisible();
    });

    const start = new Start(page);
    await test.step("the store is connected by the pasted file", async () => {
      await start.connectStore(sim);
      await expect(start.step("Connect your store")).toContainText("Done");
      await expect(start.checks("Connect your store")).not.toHaveCount(0); // it is tested at once
      await expect(start.checks("Connect your store").filter({ hasText: "failed" })).toHaveCount(0);
    });

    await test.step("the mail server is connected and sends a test mail", async () => {
      await start.connectSender(sink.port);
      await expect(start.step("Connect a mail server")).toContainText("Done");
      await start.sendTestMail();
      await expect.poll(() => sink.mails.length, "mails at the sink").toBe(1);
      expect(sink.mails[0]).toContain("owner@example.com");
    });

    const { order_id: order } = await sim.cause("order?status=11");
    await test.step("an order is fetched as a sample; nothing fires", async () => {
      await start.fetchSample("Order status updated", String(order));
      await expect(start.step("Get an event to build with")).toContainText("Done");
    });

    const builder = new Builder(page);
    await test.step("a ready-made workflow opens in the builder with the sample", async () => {
      await start.takeWorkflow("Payment problem");
      await expect(builder.name).toHaveValue("Payment problem");
      await expect(builder.event).toContainText(`Order ${order}`);
    });

    await test.step("the subject is changed and shows its value", async () => {
      await builder.choose("note");
      await builder.replace("Subject", "Trouble with order {{ BigCommerce | Order | id }}");
      await expect(builder.field("Subject")).toContainText(`Trouble with order ${order}`);
      await expect(builder.saved).toBeVisible();
    });

    await test.step("the test run shows the mail and sends nothing", async () => {
      await builder.test();
      await expect(builder.panel).toContainText("Would not fire"); // the order is not declined yet
      expect(sink.mails).toHaveLength(1);
    });

    await test.step("it is published", async () => {
      await builder.publish("first try");
      await expect(builder.header).toContainText("Live");
      await expect(builder.header).toContainText("v1");
    });

    await test.step("an event at the store makes the mail arrive", async () => {
      await expect
        .poll(async () => {
          const answer = await context.request.get("/api/v1/authentications");
          const { items } = (await answer.json()) as { items: { type: string; hooks?: { state: string } }[] };
          return items.find((a) => a.type === "bigcommerce")?.hooks?.state;
        }, "the webhooks")
        .toBe("active");
      await sim.cause(`status?order=${order}&status=6`);
      await expect.poll(() => sink.mails.length, { message: "mails at the sink", timeout: 20_000 }).toBe(2);
      expect(sink.mails[1]).toContain(`Subject: Trouble with order ${order}`);
    });

    await test.step("its run shows by itself in the list of runs", async () => {
      await page.goto("/runs");
      await expect(page.getByRole("row", { name: /Payment problem.*Succeeded/ })).toBeVisible();
    });
  } finally {
    await context.close();
    await Promise.all([installation.remove(), sim.stop(), sink.stop()]);
  }
});
