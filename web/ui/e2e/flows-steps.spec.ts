import { expect, test } from "./fixtures";
import { Flow } from "./screens/flow";
import { listen } from "./screens/keyboard";
import { call, draft, mail, makeWorkflow } from "./screens/made";

const fork = {
  id: "fork",
  type: "branch",
  branches: [{ name: "big", condition: "BigCommerce.Order.total_inc_tax > 500", steps: [call("inner")] }],
  otherwise: [],
};

test("steps are moved, switched off and deleted, and the focus stays with them", async ({ page, api }) => {
  const told = await listen(page);
  const id = await makeWorkflow(api, { name: "Moves", steps: [call("one"), fork, call("two")] });
  const builder = new Flow(page);
  await builder.open(id);

  // up by key goes into the branch, as the running order reads
  await builder.line("two").focus();
  await page.keyboard.press("Alt+ArrowUp");
  await expect(builder.line("two")).toBeFocused();
  await expect.poll(told).toContain("Moved up: HTTP request");
  const nested = async () => {
    await builder.settled();
    const [, branch] = (await draft(api, id)).steps as unknown as [unknown, typeof fork];
    return [...branch.otherwise, ...(branch.branches[0]?.steps ?? [])].map((s: { id: string }) => s.id);
  };
  expect(await nested()).toContain("two");

  // anywhere by the dialog
  await builder.stepMenu("two", "Move to …");
  await builder.dialog.getByRole("option", { name: "At the start" }).click();
  await expect(builder.line("two")).toBeFocused();
  expect(await builder.steps()).toEqual(["two", "one", "fork", "inner"]);

  // off and on, by key and by menu, seen in both pictures
  await page.keyboard.press("x");
  await expect(builder.line("two")).toContainText("Off");
  await expect(builder.card("two")).toContainText("Off");
  await expect(builder.line("two")).toBeFocused();
  await builder.stepMenu("two", "Switch on");
  await expect(builder.line("two")).not.toContainText("Off");

  // deleted: the focus goes to what stood before, at the start to the trigger
  await builder.line("one").focus();
  await page.keyboard.press("Delete");
  await expect(builder.line("two")).toBeFocused();
  await page.keyboard.press("Delete");
  await expect(builder.trigger).toBeFocused();
  expect(await builder.steps()).toEqual(["fork", "inner"]);
  await expect.poll(told).toContain("Deleted: HTTP request");
  await page.keyboard.press("Control+z");
  await expect.poll(() => builder.steps()).toEqual(["two", "fork", "inner"]);

  // the canvas has the same commands
  await builder.card("fork").focus();
  await page.keyboard.press("d");
  await expect.poll(() => builder.steps()).toEqual(["two", "fork", "inner", "fork-2", "inner-2"]);
  await expect(builder.card("fork-2")).toBeFocused();
  await page.keyboard.press("Delete");
  await expect(builder.card("inner")).toBeFocused();
  await builder.settled();
});

test("no step is shown by its type, however late the name of that comes", async ({ page, api }) => {
  const id = await makeWorkflow(api, { name: "Names", steps: [call("one")] });
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/api/v1/actions?*", async (route) => {
    await held;
    await route.continue();
  });
  const loaded = page.waitForResponse((answer) => new URL(answer.url()).pathname === `/api/v1/workflows/${id}`);
  await page.goto(`/workflows/${id}`);
  await loaded;
  await page.evaluate(frames, 30); // time enough to draw what there is
  const builder = new Flow(page);
  expect(await builder.line("one").allTextContents()).toEqual([]);
  release();
  await expect(builder.line("one")).toContainText("HTTP request");
});

/** Waits until the browser has drawn n pictures. */
function frames(n: number): Promise<void> {
  return new Promise((resolve) => {
    const next = () => (n-- > 0 ? requestAnimationFrame(next) : resolve());
    next();
  });
}

test("a step is copied into another workflow, with what it needs", async ({ page, api, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const from = await makeWorkflow(api, { name: "Copied from", steps: [mail("tell", "Copied subject"), fork] });
  const to = await makeWorkflow(api, { name: "Copied to", steps: [call("tell")] });
  const builder = new Flow(page);
  await builder.open(from);
  await builder.line("tell").focus();
  await page.keyboard.press("Control+c");
  await expect(page.getByText("Copied: Send e-mail").first()).toBeVisible();

  // the id is taken there: the copy gets another
  await builder.open(to);
  await builder.line("tell").focus();
  await page.keyboard.press("Control+v");
  await expect(builder.line("tell-2")).toBeFocused();
  expect(await builder.steps()).toEqual(["tell", "tell-2"]);
  await expect(builder.text("Subject")).toHaveText("Copied subject");
  await builder.settled();
  expect((await draft(api, to)).steps[1]?.config).toMatchObject({ authentication_id: "demo-mail" });

  // a whole branch, by the menu
  await builder.open(from);
  await builder.stepMenu("fork", "Cut");
  await expect(builder.line("tell")).toBeFocused();
  expect(await builder.steps()).toEqual(["tell"]);
  await builder.settled();
  await builder.open(to);
  await builder.stepMenu("tell-2", "Paste after");
  await expect.poll(() => builder.steps()).toEqual(["tell", "tell-2", "fork", "inner"]);

  // what is no step is refused in words
  await page.evaluate(() => navigator.clipboard.writeText("just words"));
  await builder.line("fork").focus();
  await page.keyboard.press("Control+v");
  await expect(page.getByText("The clipboard holds no steps.").first()).toBeVisible();
  expect(await builder.steps()).toHaveLength(4);
  await builder.settled();
});
