import type { APIRequestContext, Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { Flow } from "./screens/flow";
import { draft, makeWorkflow } from "./screens/made";

// In the built-in sample the order is 99.36, Shipped, with two Tea Bowls BOWL-BLU.
const rich =
  'BigCommerce.Order.total_inc_tax >= 50 and (BigCommerce.Order.status != "Cancelled" or BigCommerce.Order.status == nil) ' +
  'and any(BigCommerce.Products, .sku startsWith "BOWL" and .quantity > 5) and len(BigCommerce.Order.status) > 3';

async function open(page: Page, api: APIRequestContext, name: string, condition = "") {
  const id = await makeWorkflow(api, { name, condition });
  const builder = new Flow(page);
  await builder.open(id);
  await builder.takeBuiltin();
  const part = builder.inspector.getByRole("region", { name: "Only if" });
  return {
    id,
    builder,
    part,
    visual: part.getByRole("tab", { name: "Visual" }),
    text: part.getByRole("tab", { name: "Text" }),
    editor: part.getByRole("textbox", { name: "Only if" }),
    rows: part.getByRole("tabpanel", { name: "Visual" }).getByRole("listitem"),
  };
}

test("rows say whether they hold, with the value; text and rows lose nothing to each other", async ({ page, api }) => {
  const { id, builder, part, visual, text, editor, rows } = await open(page, api, "Conditions", rich);
  const top = part.getByRole("group", { name: "All of these hold", exact: true });
  await expect(rows.first()).toContainText("It is “99.3600”");
  await expect(rows.first().getByRole("img", { name: "Holds", exact: true })).toBeVisible();
  await expect(part.getByRole("checkbox", { name: "or missing" })).toBeChecked();
  const list = rows.filter({ hasText: "All of this is about the same item" });
  await expect(list.getByRole("img", { name: "Does not hold" }).last()).toBeVisible();
  await expect(part.getByRole("textbox", { name: "Expression" })).toContainText("len(BigCommerce.Order.status) > 3");
  await expect(part.getByText("False (3 of 4 rules hold)")).toBeVisible();

  // looked at from both sides, nothing is rewritten
  await text.click();
  await expect(editor).toHaveText(rich);
  await visual.click();
  await expect(rows.first()).toContainText("It is “99.3600”");
  await text.click();
  await expect(editor).toHaveText(rich);
  expect((await draft(api, id)).condition).toBe(rich);

  // one row changed: the rest stays
  await visual.click();
  await rows.first().getByRole("textbox", { name: "Value" }).fill("150");
  await expect(rows.first().getByRole("img", { name: "Does not hold" })).toBeVisible();
  await list.getByRole("textbox", { name: "Value" }).last().fill("1");
  await expect(part.getByText("False (3 of 4 rules hold)")).toBeVisible();
  await text.click();
  const changed = rich.replace("50", "150").replace("> 5)", "> 1)");
  await expect(editor).toHaveText(changed);
  await builder.settled();
  expect((await draft(api, id)).condition).toBe(changed);

  // and typed text comes back as rows
  await builder.write(editor, `${changed} and BigCommerce.Order.status in ["Shipped", "Completed"]`);
  await visual.click();
  await expect(top.getByRole("combobox", { name: "How it is compared" }).last()).toHaveValue("in");
  await expect(part.getByText("False (4 of 5 rules hold)")).toBeVisible();
});

test("rows are made from nothing: a rule, a list and an expression", async ({ page, api }) => {
  const { builder, part, text, editor, rows } = await open(page, api, "Conditions by rows");
  await expect(part.getByText("Always. Add a rule to say when.")).toBeVisible();
  const search = builder.dialog.getByRole("combobox", { name: "Search merge codes" });

  await part.getByRole("button", { name: "Add a rule" }).click();
  await search.fill("total_inc_tax");
  await search.press("Enter");
  await rows.first().getByRole("combobox", { name: "How it is compared" }).selectOption("ge");
  await rows.first().getByRole("textbox", { name: "Value" }).fill("50");
  await expect(part.getByText(/^True/)).toBeVisible();

  await part.getByRole("button", { name: "Add a rule" }).last().click();
  await search.fill("products");
  await search.press("Enter");
  const list = rows.filter({ hasText: "All of this is about the same item" });
  await list.getByRole("combobox", { name: "What is asked of the list" }).selectOption("at_least");
  await list.getByRole("spinbutton", { name: "How many items" }).or(list.getByLabel("How many items")).fill("1");
  await list.getByRole("button", { name: "Add a rule" }).click();
  await list.getByRole("combobox", { name: "Part of the item" }).selectOption(".sku");
  await list.getByRole("combobox", { name: "How it is compared" }).selectOption("starts_with");
  await list.getByRole("textbox", { name: "Value" }).fill("BOWL");
  await expect(list.getByText("1 item meets this")).toBeVisible();

  await part.getByRole("button", { name: "Add an expression" }).last().click();
  await page.keyboard.insertText("BigCommerce.Order.items_total > 2");
  await text.click();
  await expect(editor).toHaveText(
    'BigCommerce.Order.total_inc_tax >= 50 and count(BigCommerce.Products, .sku startsWith "BOWL") >= 1 and BigCommerce.Order.items_total > 2',
  );
});

test("text completes, and is marked where it is wrong, with the way out", async ({ page, api }) => {
  const { id, builder, part, text, editor } = await open(page, api, "Conditions by text");
  await text.click();
  await editor.click();
  await page.keyboard.type("BigCommerce.Order.total_inc");
  await page
    .getByRole("option", { name: /Order\.total_inc_tax|total_inc_tax/ })
    .first()
    .click();
  await expect(editor).toHaveText("BigCommerce.Order.total_inc_tax");
  await page.keyboard.insertText(' > 50 and BigCommerce.Order.statos == "Shipped"');

  await expect(editor.locator(".cm-lintRange-error")).toHaveText(/statos/);
  await expect(part.getByText(/Line 1, column \d+: .*statos/)).toBeVisible();
  await expect(editor).toHaveAttribute("aria-invalid", "true");
  await expect(builder.lower.getByRole("button", { name: "1 problem" })).toBeVisible();
  await part.getByRole("button", { name: /^Use .*status$/ }).click();
  await expect(editor).toContainText('BigCommerce.Order.status == "Shipped"');
  await expect(editor.locator(".cm-lintRange-error")).toHaveCount(0);
  await expect(part.getByText("True (2 of 2 rules hold)")).toBeVisible();
  await builder.settled();
  expect((await draft(api, id)).condition).toBe(
    'BigCommerce.Order.total_inc_tax > 50 and BigCommerce.Order.status == "Shipped"',
  );
});
