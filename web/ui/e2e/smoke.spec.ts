import { expect, test } from "./fixtures";
import { key, owner } from "./places";

test("the address / leads to the workflows when everything is set up", async ({ page }) => {
  await page.goto("/");
  await expect(page).toHaveURL(/\/workflows$/);
});

test("each place of the navigation opens by a click, and Back leads back", async ({ page }) => {
  await page.goto("/workflows");
  const main = page.getByRole("navigation", { name: "Main" });
  for (const place of ["Home", "Runs", "Events", "Authentications", "Settings"]) {
    await main.getByRole("link", { name: place }).click();
    await expect(page.getByRole("heading", { level: 1, name: place })).toBeVisible();
  }
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1, name: "Authentications" })).toBeVisible();
});

test("who is not signed in is led to the sign-in page and then to where it was meant", async ({ browser, watch }) => {
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const page = await context.newPage();
  watch.on(page);
  await page.goto("/runs?status=failed");
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await page.getByLabel("E-mail address").fill(owner);
  await page.getByLabel("Password").fill(key);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/runs\?status=failed$/);
  await expect(page.getByRole("heading", { level: 1, name: "Runs" })).toBeVisible();
  await context.close();
});
