import { expect, test } from "./fixtures";
import { Flow } from "./screens/flow";
import { listen, tabOrder, tabTo } from "./screens/keyboard";

// From nothing to a live workflow without a mouse: after the first page.goto only the keyboard is used.
test("the keyboard alone builds, tests and publishes a workflow", async ({ page }) => {
  const builder = new Flow(page);
  const { keyboard } = page;
  const told = await listen(page);
  await page.goto("/workflows");
  await expect(page.getByRole("button", { name: "New workflow" })).toBeVisible();

  // past the navigation to the page's own button
  expect(await tabOrder(page, 1)).toEqual(["Skip to the content"]);
  await keyboard.press("Enter");
  expect(await tabOrder(page, 1)).toEqual(["New workflow"]);
  await keyboard.press("Enter");

  // a ready-made one
  await tabTo(page, builder.dialog.getByRole("radio", { name: "An empty workflow" }));
  await keyboard.press("ArrowDown");
  await expect(builder.dialog.getByRole("radio", { name: "Ask after shipment" })).toBeChecked();
  await keyboard.press("Tab");
  await expect(builder.dialog.getByRole("textbox", { name: "Name" })).toBeFocused();
  await keyboard.type("Made by keyboard");
  await tabTo(page, builder.dialog.getByRole("button", { name: "Create and open" }));
  await keyboard.press("Enter");
  await expect(builder.name).toHaveValue("Made by keyboard");

  // to the outline, where the arrow keys lead from line to line and Tab meets one of them
  await tabTo(page, builder.trigger);
  await keyboard.press("End");
  await expect(builder.line("ask")).toBeFocused();
  await keyboard.press("ArrowUp");
  await expect(builder.line("wait")).toBeFocused();
  await expect(builder.inspector.getByRole("heading", { name: "Wait", level: 2 })).toBeVisible();

  // a step by the palette: the new one has the focus
  await keyboard.press("a");
  await expect(builder.dialog.getByRole("combobox", { name: "Kinds of steps" })).toBeFocused();
  await keyboard.type("http");
  await keyboard.press("Enter");
  await expect(builder.line("http_request")).toBeFocused();
  await expect.poll(told).toContain("Added: HTTP request");
  expect(await builder.steps()).toEqual(["wait", "http_request", "ask"]);

  // Enter goes to its form, Escape comes back
  await keyboard.press("Enter");
  await expect(builder.inspector.getByRole("combobox", { name: "Method" })).toBeFocused();
  await tabTo(page, builder.text("URL"), { most: 3 });
  await keyboard.type("https://hooks.example.com/o/{{");
  await expect(builder.dialog.getByRole("combobox", { name: "Search merge codes" })).toBeFocused();
  await keyboard.type("order id");
  await keyboard.press("Enter");
  await expect(builder.text("URL")).toBeFocused();
  await expect.poll(told).toContain("Inserted Order | id");
  await expect(builder.text("URL").getByRole("img", { name: "Merge code BigCommerce | Order | id" })).toBeVisible();
  await keyboard.press("Escape");
  await expect(builder.line("http_request")).toBeFocused();

  // the letter moves nothing while it is typed into a field, and a step while it stands on its line
  await keyboard.press("Alt+ArrowDown");
  await expect.poll(told).toContain("Moved down: HTTP request");
  expect(await builder.steps()).toEqual(["wait", "ask", "http_request"]);
  await expect(builder.line("http_request")).toBeFocused();
  await builder.settled();

  // a test run
  await keyboard.press("t");
  await tabTo(page, builder.lower.getByRole("button", { name: "Test all steps" }));
  await keyboard.press("Enter");
  await expect.poll(told).toContain("Test done: it would fire, 3 steps.");
  await expect(builder.lower.getByRole("listitem").filter({ hasText: "3. HTTP request" })).toContainText("Would run");

  // and live
  await tabTo(page, builder.header.getByRole("button", { name: "Publish …" }), { back: true });
  await keyboard.press("Enter");
  await tabTo(page, builder.dialog.getByRole("textbox", { name: "Note" }));
  await keyboard.type("by keyboard");
  expect(await tabOrder(page, 2)).toEqual(["Not yet", "Publish"]);
  await keyboard.press("Enter");
  await expect(builder.dialog).toBeHidden();
  await expect.poll(told).toContain("Version 1 is live.");
  await expect(builder.header.getByRole("button", { name: "Publish …" })).toBeFocused();
  await expect(builder.header).toContainText("Live");
});
