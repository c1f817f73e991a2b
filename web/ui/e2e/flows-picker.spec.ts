import type { APIRequestContext, Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { Flow } from "./screens/flow";
import { draft, mail, makeWorkflow } from "./screens/made";

// The built-in sample of "Order created" is always the same: Marla, postcode 04101, nothing in ip_address_v6.
async function open(page: Page, api: APIRequestContext, name: string, html?: string) {
  const id = await makeWorkflow(api, { name, steps: [mail("tell", "Order", html)] });
  const builder = new Flow(page);
  await builder.open(id);
  await builder.takeBuiltin();
  await builder.line("tell").click();
  const search = builder.dialog.getByRole("combobox", { name: "Search merge codes" });
  const options = builder.dialog.getByRole("option");
  return { id, builder, search, options, subject: builder.text("Subject") };
}

async function type(page: Page, text: string) {
  await page.keyboard.press("Control+End");
  await page.keyboard.type(text);
}

test("two braces open the picker, which finds by name, by value and by another word", async ({ page, api }) => {
  const { builder, search, options, subject } = await open(page, api, "Picker search");
  await subject.focus();
  await type(page, " for {{");
  await expect(search).toBeFocused();

  await search.fill("billing zip");
  await expect(options.first()).toHaveAccessibleName(/^Order \| billing_address \| zip/);
  await search.fill("04101");
  await expect(options.first()).toHaveAccessibleName(/^Order \| billing_address \| zip .*04101.*% filled$/);
  await search.fill("postcode");
  await expect(options.first()).toHaveAccessibleName(/^Order \| billing_address \| zip/);
  await expect(options.first()).toHaveAttribute("aria-selected", "true");

  // what this trigger cannot supply stands there with the reason, and cannot be taken
  await search.fill("tracking_number");
  const away = options.filter({ hasText: "tracking_number" }).first();
  await expect(away).toBeDisabled();
  await expect(away).toContainText("The store does not say which shipment this is about.");
  await page.keyboard.press("Enter");
  await expect(builder.dialog).toBeVisible();

  await search.fill("no such thing at all");
  await expect(builder.dialog.getByText("No merge code is called “no such thing at all”")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(builder.dialog).toBeHidden();
  await expect(subject).toBeFocused();
});

test("fallback and format show their result, and become a chip with its value below", async ({ page, api }) => {
  const { id, builder, search, subject } = await open(page, api, "Picker insert");
  const result = builder.dialog.getByText("Result").locator("xpath=..");
  await subject.focus();
  await type(page, " of {{");
  await search.fill("billing first_name");
  await expect(result).toContainText("Marla");
  await builder.dialog.getByRole("combobox", { name: "Format" }).selectOption("UPPER CASE");
  await expect(result).toContainText("MARLA");
  await builder.dialog.getByRole("button", { name: "Insert" }).click();
  await expect(subject.getByRole("img", { name: /first_name/ })).toBeVisible();
  await expect(builder.inspector.getByTestId("rendered").filter({ hasText: "Order of MARLA" })).toBeVisible();

  // a code without a value in this event: amber, and what stands in for it
  await expect(subject).toBeFocused();
  await type(page, " by {{");
  await search.fill("ip_address_v6");
  await expect(builder.dialog.getByRole("option").first()).toContainText("No value in this event");
  await builder.dialog.getByRole("textbox", { name: "If it is empty" }).fill("nobody");
  await expect(result).toContainText("nobody");
  await builder.dialog.getByRole("button", { name: "Insert" }).click();
  await expect(builder.inspector.getByTestId("rendered").filter({ hasText: "Order of MARLA by nobody" })).toBeVisible();
  await expect(
    builder.inspector.getByText(/Empty in this event, so the fallback stands in: Order \| ip_/),
  ).toBeVisible();

  // a chip goes as one character, and comes back as one step of undo
  await type(page, "");
  await page.keyboard.press("Backspace");
  await expect(builder.inspector.getByTestId("rendered").filter({ hasText: /^Order of MARLA by\s*$/ })).toBeVisible();
  await page.keyboard.press("Control+z");
  await builder.settled();
  expect((await draft(api, id)).steps[0]?.config?.subject).toBe(
    'Order of {{ BigCommerce | Order | billing_address | first_name :: upper }} by {{ BigCommerce | Order | ip_address_v6 ?? "nobody" }}',
  );

  // and the stored text can be edited as such
  const fields = builder.inspector.locator("[data-location='config.subject']");
  await fields.getByRole("button", { name: "Edit as text" }).click();
  await expect(subject).toContainText("{{ BigCommerce | Order | billing_address | first_name :: upper }}");
});

test("the message shows as it arrives, in a frame that can do nothing", async ({ page, api, watch }) => {
  watch.allow(/Blocked script execution in '[^']*\/preview\//); // the frame keeps what it is asked to
  const html =
    '<p style="color:#225">Hi {{ BigCommerce | Order | billing_address | first_name }}</p><script>top.x=1</script>';
  const { builder } = await open(page, api, "Mail preview", html);
  const preview = builder.inspector.getByRole("region", { name: "Preview of the message" });
  const frame = preview.getByTitle("The message as it would look");
  await expect(frame).toHaveAttribute("sandbox", "");
  await expect(frame).toHaveAttribute("src", /^\/preview\//);
  await expect(frame.contentFrame().locator("p")).toHaveText("Hi Marla");
  await expect(frame.contentFrame().locator("p")).toHaveCSS("color", "rgb(34, 34, 85)");
  expect(await page.evaluate(() => "x" in window)).toBe(false);
  await expect(preview.getByRole("definition").first()).not.toBeEmpty();

  await builder.inspector.getByRole("button", { name: "Enlarge" }).click();
  await builder.dialog.getByRole("tab", { name: "Phone" }).click();
  const phone = builder.dialog.getByTitle("The message as it would look");
  await expect.poll(async () => (await phone.boundingBox())?.width).toBe(375);
  await page.keyboard.press("Escape");
  await expect(builder.dialog).toBeHidden();
  await preview.getByRole("tab", { name: "Plain text" }).click();
  await expect(preview.getByRole("tabpanel")).toContainText("Hi Marla");

  // it follows what is typed
  await builder.write(builder.text("Message"), "<p>Changed for {{ BigCommerce | Order | id }}</p>");
  await expect(preview.getByRole("tabpanel")).toContainText("Changed for 5208");
  await preview.getByRole("tab", { name: "Message" }).click();
  await expect(frame.contentFrame().locator("p")).toHaveText("Changed for 5208");
});
