import { expect, test } from "./fixtures";
import { Flow } from "./screens/flow";
import { call, draft, makeWorkflow } from "./screens/made";

// A trace of 200 key presses costs more than the test.
test.use({ trace: "off" });

test("a hundred edits are undone and done again, also after a reload", async ({ page, api }) => {
  const id = await makeWorkflow(api, { name: "Undo", steps: [call("ring")] });
  const builder = new Flow(page);
  await builder.open(id);
  await builder.line("ring").focus();
  for (let i = 0; i < 104; i++) {
    await page.keyboard.press("x"); // off and on: 104 edits
  }
  await builder.settled();
  await builder.stepMenu("ring", "Duplicate");
  await expect.poll(() => builder.steps()).toHaveLength(2);
  await builder.settled();

  await page.reload();
  await expect.poll(() => builder.steps()).toHaveLength(2);
  await expect(builder.undo).toHaveAccessibleName("Undo: Duplicated: HTTP request");
  await builder.undo.click();
  expect(await builder.steps()).toEqual(["ring"]);
  await expect(builder.redo).toHaveAccessibleName("Redo: Duplicated: HTTP request");

  // a hundred are kept, no more: the duplicate and 99 switches
  await builder.line("ring").focus();
  for (let i = 0; i < 99; i++) {
    await page.keyboard.press("Control+z");
  }
  await expect(builder.undo).toHaveAttribute("aria-disabled", "true");
  await expect(builder.undo).toHaveAccessibleName("Undo");
  await expect(builder.line("ring")).toContainText("Off"); // 105 edits, 100 undone: five switches stay
  await page.keyboard.press("Control+y");
  await expect(builder.line("ring")).not.toContainText("Off");
  await page.keyboard.press("Control+Shift+z");
  await expect(builder.line("ring")).toContainText("Off");
  await builder.settled();
  expect((await draft(api, id)).steps[0]).toHaveProperty("disabled", true);
});

test("two tabs: neither draft is lost, and the choice decides", async ({ page, api, context, watch }) => {
  watch.allow(/412/);
  const id = await makeWorkflow(api, { name: "Two tabs", steps: [call("ring")] });
  const [mine, theirs] = [new Flow(page), new Flow(await context.newPage())];
  await mine.open(id);
  await theirs.open(id);

  // the other one saves while this one is cut off from the news and types
  let send = () => {};
  const sent = new Promise<void>((resolve) => {
    send = resolve;
  });
  await page.route("**/api/v1/workflows/*", async (route) => {
    if (route.request().method() === "PUT") {
      await sent;
    }
    await route.continue();
  });
  await mine.name.fill("Mine");
  await theirs.name.fill("Theirs");
  await theirs.settled();
  send();

  const dialog = mine.dialog;
  await expect(dialog).toContainText("This workflow was changed elsewhere");
  await expect(dialog.getByRole("region", { name: "Their changes" })).toContainText("Theirs");
  await expect(dialog.getByRole("region", { name: "Your changes" })).toContainText("Mine");
  expect((await draft(api, id)).name).toBe("Theirs");

  // put off: both are still there, after a reload too
  await dialog.getByRole("button", { name: "Decide later" }).click();
  await expect(mine.name).toHaveValue("Mine");
  await expect(mine.saving).toContainText("it was changed elsewhere");
  await page.unroute("**/api/v1/workflows/*");
  page.on("dialog", (leave) => void leave.accept());
  await page.reload();
  await expect(dialog.getByRole("region", { name: "Your changes" })).toContainText("Mine");

  await dialog.getByRole("button", { name: "Take theirs" }).click();
  await expect(mine.name).toHaveValue("Theirs");
  await mine.undo.click(); // what was not chosen comes back
  await expect(mine.name).toHaveValue("Mine");
  await mine.settled();
  expect((await draft(api, id)).name).toBe("Mine");
});
