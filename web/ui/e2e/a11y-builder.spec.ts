import type { Page } from "@playwright/test";
import { expectAccessible, expectReflow } from "./axe";
import { expect, test } from "./fixtures";
import { Builder } from "./screens/builder";
import { makeWorkflow } from "./workflows";

const shape = {
  trigger: { type: "bigcommerce.order_created", authentication_id: "demo-store" },
  condition: 'BigCommerce.Order.total_inc_tax > 100 and any(BigCommerce.Products, .quantity >= 1 and .sku != "X")',
  steps: [
    { id: "wait", type: "delay", config: { for: "1h" } },
    {
      id: "which",
      type: "branch",
      branches: [
        {
          name: "big",
          condition: "BigCommerce.Order.total_inc_tax > 500",
          steps: [{ id: "tell", type: "http_request", config: { method: "POST", url: "https://hooks.example.com/x" } }],
        },
      ],
      otherwise: [{ id: "off", type: "send_email", disabled: true, config: { to: "{{ Nothing | of | this }}" } }],
    },
    { id: "end", type: "stop" },
  ],
};

/** Looks at a dialog that is open, and closes it. */
async function look(page: Page, what: string) {
  await expectAccessible(page, what);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog").or(page.getByRole("menu"))).toHaveCount(0);
}

test("the builder with its forms: every kind of step, problems, a test run, and 320 px", async ({ page, api }) => {
  test.setTimeout(120_000);
  const { id } = await makeWorkflow(api, "All kinds", shape);
  const builder = new Builder(page);
  await builder.open(id);
  await builder.choose();
  for (const step of ["wait", "which", "tell", "off", "end"]) {
    await builder.choose(step);
    await expect(builder.inspector.getByRole("heading", { level: 2 }).first()).toBeVisible();
    await expectAccessible(page, `the form of ${step}`);
  }
  await builder.choose();
  await builder.inspector.getByRole("tab", { name: "Text" }).click();
  await expectAccessible(page, "a condition as text");
  await expect(await builder.openProblems()).toBeVisible();
  await expectAccessible(page, "the problems");
  await builder.test();
  await builder.panel
    .getByRole("button", { name: /Branch/ })
    .first()
    .click();
  await expectAccessible(page, "a test run");
  await expectReflow(page, "a test run");
});

test("the builder's dialogs and menus", async ({ page, api }) => {
  test.setTimeout(120_000);
  const { id } = await makeWorkflow(api, "All dialogs", shape);
  const builder = new Builder(page);
  await builder.open(id);
  await builder.outline.getByRole("button", { name: "Add a step", exact: true }).click();
  await expect(page.getByRole("option").first()).toBeVisible();
  await look(page, "the kinds of steps");
  await builder.event.click();
  await expect(page.getByRole("dialog").getByRole("list", { name: "Latest events" })).toBeVisible();
  await look(page, "the choice of an event");
  await builder.outline.getByRole("button", { name: /^1 .*: actions$/ }).click();
  await look(page, "the menu of a step");
  await builder.choose("off");
  const picker = await builder.openPicker("Subject");
  await expect(picker.options.first()).toBeVisible();
  await expectAccessible(page, "the picker");
  await picker.search.fill("zzzz");
  await look(page, "the picker that finds nothing");
  await builder.choose("off");
  await builder.outline.getByRole("button", { name: /Send e-mail: actions$/ }).click();
  await page.getByRole("menuitem", { name: "Move to …" }).click();
  await expect(page.getByRole("option").first()).toBeVisible();
  await look(page, "the move of a step");
  await builder.openPublish();
  await look(page, "the publishing of a first version");
  for (const [item, what] of [
    ["Versions …", "the versions of a draft"],
    ["Keyboard shortcuts", "the list of keys"],
    ["Delete …", "the question before a workflow is deleted"],
  ] as const) {
    await builder.menu(item);
    await expect(page.getByRole("dialog")).toBeVisible();
    await look(page, what);
  }
});

test("a published workflow: difference, versions, pause, and the message enlarged", async ({ page, api }) => {
  const answer = await (await api.get("/api/v1/workflows/abandoned-cart-reminder")).json();
  const { id } = await makeWorkflow(api, "Published", { ...answer, id: undefined, name: "Published" });
  const builder = new Builder(page);
  await builder.open(id);
  await builder.publish("the first");
  await builder.name.fill("Published and changed");
  await expect(builder.saved).toBeVisible();
  const dialog = await builder.openPublish();
  await expect(dialog.getByRole("list", { name: "Differences" })).toBeVisible();
  await look(page, "the difference to the live version");
  await builder.menu("Versions …");
  await expect(page.getByRole("dialog").getByRole("tab", { name: "Difference to the draft" })).toBeVisible();
  await page.getByRole("dialog").getByRole("tab", { name: "Difference to the draft" }).click();
  await look(page, "the versions");
  await builder.menu("Pause …");
  await look(page, "the question before a pause");
  await builder.choose("remind");
  await builder.inspector.getByRole("button", { name: "Enlarge" }).click();
  await look(page, "the message enlarged");
});
