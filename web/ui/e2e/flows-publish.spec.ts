import { expect, test } from "./fixtures";
import { Flow } from "./screens/flow";
import { away, call, draft, makeWorkflow } from "./screens/made";

test("publishing says in words what changes, and an older version comes back", async ({ page, api }) => {
  const id = await makeWorkflow(api, { name: "Versions", steps: [call("ring"), call("again")] });
  const builder = new Flow(page);
  await builder.open(id);

  let dialog = await builder.openPublish();
  const first = dialog.getByRole("region", { name: "This makes the first version" });
  await expect(first).toContainText("Starts with: Order created. Condition: Always");
  await expect(first.getByRole("listitem")).toHaveCount(2);
  await dialog.getByRole("button", { name: "Not yet" }).click();
  await expect(builder.header.getByRole("button", { name: "Publish …" })).toBeFocused();
  await builder.publish("the beginning");
  await expect(builder.header).toContainText("Live");
  await expect(builder.header).toContainText("v1");

  // the second version: what it adds, takes out and changes
  await builder.stepMenu("again", "Delete");
  await builder.addStep("Wait");
  await builder.text("Wait for").fill("2");
  await builder.line("ring").click();
  await builder.write(builder.text("URL"), "https://hooks.example.com/new");
  await builder.settled();
  await expect(builder.header).toContainText("Unpublished changes");
  dialog = await builder.openPublish();
  const changes = dialog.getByRole("region", { name: "What changes against the live version 1" });
  await expect(changes).toContainText("Adds the step Wait (delay)");
  await expect(changes).toContainText("Takes out the step HTTP request (again)");
  await expect(changes).toContainText("HTTP request (ring): URL changes");
  await expect(changes).toContainText("https://hooks.example.com/new");
  await dialog.getByRole("textbox", { name: "Note" }).fill("waits instead");
  await dialog.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("Version 2 is live.").first()).toBeVisible();

  // nothing is different now
  dialog = await builder.openPublish();
  await expect(dialog).toContainText("Nothing changes against the live version.");
  await expect(dialog.getByRole("button", { name: "Publish", exact: true })).toBeDisabled();
  await page.keyboard.press("Escape");

  // who, when, with which note; and back to the first one
  await builder.menu("Versions …");
  const versions = builder.dialog.getByRole("list", { name: "Versions" }).getByRole("button");
  await expect(versions).toHaveCount(2);
  await expect(versions.first()).toContainText(/Version 2.*Live.*demo@example\.com.*waits instead/);
  await versions.last().click();
  await expect(builder.dialog.getByRole("tabpanel", { name: "Steps" })).toContainText("again");
  await builder.dialog.getByRole("tab", { name: "Difference to the draft" }).click();
  await expect(builder.dialog.getByRole("tabpanel")).toContainText("Takes out the step HTTP request (again)");
  await builder.dialog.getByRole("button", { name: "Restore as draft" }).click();
  await expect(builder.dialog).toBeHidden();
  expect(await builder.steps()).toEqual(["ring", "again"]);
  await builder.settled();
  await expect(builder.header).toContainText("Unpublished changes");
  expect((await draft(api, id)).steps.map((s) => s.id)).toEqual(["ring", "again"]);

  // restoring is an edit like others
  await builder.undo.click();
  expect(await builder.steps()).toEqual(["ring", "delay"]);
  await builder.settled();
  await away(api, id);
});

test("problems keep it from going live and lead to their fields", async ({ page, api }) => {
  const id = await makeWorkflow(api, { name: "Not ready", steps: [call("ring", "")] });
  const builder = new Flow(page);
  await builder.open(id);
  const dialog = await builder.openPublish();
  await expect(dialog.getByRole("button", { name: "Publish", exact: true })).toBeDisabled();
  await dialog.getByRole("region", { name: "Solve these first:" }).getByRole("button", { name: /URL/ }).click();
  await expect(dialog).toBeHidden();
  await expect(builder.text("URL")).toBeFocused();
  await expect(builder.text("URL")).toHaveAttribute("aria-invalid", "true");
  await page.keyboard.insertText("https://hooks.example.com/x");
  await expect(builder.lower).not.toContainText("1 problem");
  await builder.publish();
  await expect(builder.header).toContainText("Live");
  await away(api, id);
});

test("a workflow is paused and goes on, from the builder and from the list", async ({ page, api }) => {
  const name = "Pause and resume";
  const id = await makeWorkflow(api, { name, steps: [call("ring")] });
  const builder = new Flow(page);
  await builder.open(id);
  await builder.publish();
  const status = async () => (await draft(api, id)).status;

  await builder.menu("Pause …");
  await expect(builder.dialog).toContainText("It decides about no new events until you resume it.");
  await builder.dialog.getByRole("button", { name: "Pause", exact: true }).click();
  await expect(builder.header).toContainText("Paused");
  expect(await status()).toBe("paused");
  await builder.menu("Resume");
  await expect(builder.header).toContainText("Live");
  expect(await status()).toBe("live");

  await builder.header.getByRole("link", { name: "To the workflows" }).click();
  const row = page.getByRole("row").filter({ hasText: name });
  const entry = async (label: RegExp) => {
    await row.getByRole("button", { name: `Actions for ${name}` }).click();
    await page.getByRole("menuitem", { name: label }).click();
  };
  await expect(row).toContainText("Live");
  await entry(/^Pause/);
  await page.getByRole("dialog").getByRole("button", { name: "Pause", exact: true }).click();
  await expect(row).toContainText("Paused");
  expect(await status()).toBe("paused");
  await entry(/^Resume/);
  await expect(row).toContainText("Live");
  expect(await status()).toBe("live");
  await away(api, id);
});
