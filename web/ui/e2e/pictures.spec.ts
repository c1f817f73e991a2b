import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { open, screens } from "./routes";
import { Builder } from "./screens/builder";
import { makeWorkflow } from "./workflows";

// Not a test: makes the README's pictures, and, into the folder that CARTWHEEL_PICTURES names, twelve screens to look at.
// CARTWHEEL_PICTURES=/a/folder npx playwright test --project pictures
const folder = process.env.CARTWHEEL_PICTURES ?? "";
const readme = "pictures";

/** Makes a picture of what is in view, once nothing moves any more. */
async function picture(page: Page, path: string) {
  await page.evaluate(() => document.fonts.ready);
  await page.mouse.move(0, 0);
  await page.screenshot({ path, animations: "disabled", caret: "hide" });
}

const followUp = {
  trigger: { type: "bigcommerce.order_created", authentication_id: "demo-store" },
  once_per: "order",
  condition: 'BigCommerce.Order.status_id != 0 and BigCommerce.Order.currency_code == "USD"',
  steps: [
    {
      id: "size",
      type: "branch",
      branches: [
        {
          name: "Big order",
          condition: "BigCommerce.Order.total_inc_tax > 500",
          steps: [
            {
              id: "tell",
              type: "http_request",
              config: {
                authentication_id: "demo-inbox",
                method: "POST",
                url: "https://hooks.example.com/big-orders",
                body_type: "json",
                body: '{"order": {{ BigCommerce | Order | id }}}',
              },
            },
          ],
        },
      ],
      otherwise: [{ id: "wait", type: "delay", config: { for: "3d" } }],
    },
    {
      id: "thank",
      type: "send_email",
      config: {
        authentication_id: "demo-mail",
        to: "{{ BigCommerce | Order | billing_address | email }}",
        subject: "Thank you for order {{ BigCommerce | Order | id }}",
        html: '<p>Hi {{ BigCommerce | Order | billing_address | first_name ?? "there" }},</p>\n<p>you ordered for {{ BigCommerce | Order | total_inc_tax :: money }}:</p>\n<ul>{{#each BigCommerce | Products}}<li>{{ item | quantity }} × {{ item | name }}</li>{{/each}}</ul>',
      },
    },
  ],
};

test.describe("README", () => {
  test.use({ viewport: { width: 1360, height: 800 } });

  test("builder, picker and run", async ({ page, api }) => {
    const rates = "/api/v1/triggers/bigcommerce.order_created/fill?authentication_id=demo-store";
    await expect.poll(async () => (await (await api.get(rates)).json()).events, { timeout: 20_000 }).toBe(2);
    const { id } = await makeWorkflow(api, "Follow-up of an order", followUp);
    const builder = new Builder(page);
    await builder.open(id);
    await builder.choose("thank");
    await expect(builder.field("Subject").getByTestId("rendered")).toBeVisible();
    await picture(page, join(readme, "builder.png"));

    const picker = await builder.openPicker("Subject");
    await picker.search.fill("city");
    await expect(picker.options.first()).toBeVisible();
    await expect(picker.dialog.getByText("% filled").first()).toBeVisible();
    await expect(picker.dialog.getByText("Rendering …")).toBeHidden();
    await picture(page, join(readme, "picker.png"));

    const [run] = (await (await api.get("/api/v1/runs?workflow_id=high-value-order")).json()).items;
    await page.goto(`/runs/${run.id}`);
    await expect(page.getByRole("button", { name: "Copy as cURL" })).toBeVisible();
    await picture(page, join(readme, "run.png"));
  });
});

const looks = [
  { name: "light", width: 1280, height: 800, colorScheme: "light" },
  { name: "dark", width: 1280, height: 800, colorScheme: "dark" },
  { name: "narrow", width: 360, height: 760, colorScheme: "light" },
] as const;

const shown = [
  "home",
  "start",
  "workflows",
  "builder of a mail",
  "builder of a call",
  "runs",
  "run",
  "events",
  "event",
  "authentications",
  "store",
  "users",
];

for (const { name, width, height, colorScheme } of looks) {
  test(`twelve screens, ${name}`, async ({ openAs, api }) => {
    test.skip(folder === "", "CARTWHEEL_PICTURES names no folder");
    const page = await openAs("admin", { viewport: { width, height }, colorScheme });
    for (const screen of (await screens(api)).filter((s) => shown.includes(s.name))) {
      await open(page, screen);
      await picture(page, join(folder, `${screen.name.replaceAll(" ", "-")}-${name}.png`));
    }
  });
}
