import type { Page } from "@playwright/test";
import { expectAccessible, expectReflow } from "./axe";
import { expect, test } from "./fixtures";
import { open, screens } from "./routes";
import { Installation } from "./server";

/** Opens something by a button, looks at it and closes it. */
async function look(page: Page, button: string | RegExp, what: string) {
  await page.getByRole("button", { name: button }).first().click();
  await expect(page.getByRole("dialog").or(page.getByRole("menu")).first()).toBeVisible();
  await expectAccessible(page, what);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog").or(page.getByRole("menu"))).toHaveCount(0);
}

test("the dialogs and menus of the lists and of the settings", async ({ page }) => {
  test.setTimeout(90_000);
  await page.goto("/workflows");
  await look(page, /^Your account/, "the account's menu");
  await page.getByRole("button", { name: "New workflow" }).click();
  await expect(page.getByRole("radio").nth(1)).toBeVisible();
  await expectAccessible(page, "a new workflow");
  await expectReflow(page, "a new workflow");
  await page.keyboard.press("Escape");
  await look(page, "Actions for Placed Order", "the menu of a workflow");
  for (const item of ["Pause", "Delete"]) {
    await page.getByRole("button", { name: "Actions for Placed Order" }).click();
    await page.getByRole("menuitem", { name: item }).click();
    await expectAccessible(page, `${item}: the question before it`);
    await page.keyboard.press("Escape");
  }
  await page.goto("/settings/users");
  await look(page, "Add a person", "a new person");
  await page.goto("/settings/tokens");
  await look(page, "New API token", "a new token");
  await page.goto("/authentications/demo-store");
  await page.getByRole("button", { name: "Test now" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: ": passed" }).first()).toBeVisible();
  await expectAccessible(page, "the checks of a store");
  await look(page, "Delete", "an authentication that is still used");
});

test("what is opened on runs, events and the home page", async ({ page, api }) => {
  const all = new Map((await screens(api)).map((screen) => [screen.name, screen]));
  for (const [name, button] of [
    ["event", "Run the event again"],
    ["run", "Run the event again"],
  ] as const) {
    const screen = all.get(name);
    if (screen) {
      await open(page, screen);
      await look(page, button, `${name}: the question before it runs again`);
    }
  }
  for (const tab of ["Response", "Output", "Settings", "Attempts (1)"]) {
    await page.getByRole("tab", { name: tab, exact: true }).click();
  }
  await expectAccessible(page, "the attempts of a step");
  await page.goto("/home");
  for (const button of await page.getByRole("button", { name: "Show as table" }).all()) {
    await button.scrollIntoViewIfNeeded();
  }
  await page.getByRole("button", { name: "Show as table" }).first().click();
  await page.getByRole("button", { name: "Show as table" }).first().click();
  await expectAccessible(page, "plots as tables");
  await expectReflow(page, "plots as tables");
  await page.goto("/runs?status=failed&email=nobody@example.com");
  await expect(page.getByText("No run fits these filters")).toBeVisible();
  await expectAccessible(page, "no run found");
});

test("the narrow screen's menu leads to every place", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto("/runs");
  await look(page, "Open the menu", "the narrow screen's menu");
  await page.getByRole("button", { name: "Open the menu" }).click();
  await page.getByRole("menuitem", { name: "Events" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Events" })).toBeVisible();
});

test("the pages before the app: signing in and making the owner", async ({ browser, watch }) => {
  const installation = await Installation.make();
  const context = await browser.newContext({
    baseURL: installation.origin,
    storageState: { cookies: [], origins: [] },
  });
  const page = await context.newPage();
  watch.on(page);
  watch.allow(/status of 4/);
  try {
    await installation.start();
    await page.goto("/login");
    await expectAccessible(page, "signing in", { theme: "media" });
    await expectReflow(page, "signing in");
    await page.goto(await installation.link());
    await expectAccessible(page, "making the owner", { theme: "media" });
    await page.getByLabel("E-mail address").fill("owner@example.com");
    await page.getByLabel("Password", { exact: true }).fill("four words make one");
    await page.getByLabel("The same password again").fill("four words make two");
    await page.getByRole("button").click();
    await expect(page.getByText("The two passwords differ.")).toBeVisible();
    await expectAccessible(page, "making the owner with a mistake", { theme: "media" });
    await expectReflow(page, "making the owner");
  } finally {
    await context.close();
    await installation.remove();
  }
});
