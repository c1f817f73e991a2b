import type { Page, Request } from "@playwright/test";
import { expect, signIn, test } from "./fixtures";
import { key, origin, owner, password } from "./places";
import { Builder } from "./screens/builder";
import { Installation } from "./server";
import { makeWorkflow } from "./workflows";

test("a session that ends in the middle loses nothing that was typed", async ({ browser, api, watch }) => {
  watch.allow(/status of 401/);
  const { id } = await makeWorkflow(api, "Typed on");
  const state = await signIn(origin, owner, key); // of its own: it is ended here
  const context = await browser.newContext({ storageState: state });
  const page = await context.newPage();
  watch.on(page);
  const builder = new Builder(page);
  await builder.open(id);
  let ended = false; // the session ends just before the first save
  await page.route(`**/api/v1/workflows/${id}`, async (route) => {
    if (route.request().method() !== "GET" && !ended) {
      ended = true;
      await context.request.delete("/api/v1/session");
    }
    await route.continue();
  });
  await builder.name.fill("Typed on after the end");

  const dialog = page.getByRole("dialog", { name: "Sign in again" });
  await expect(dialog).toBeVisible();
  await expect(dialog.getByLabel("E-mail")).toHaveValue(owner);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeVisible();
  await dialog.getByLabel(/^Password/).fill("this is not the password");
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await expect(dialog).toContainText(/wrong|not right|do not fit|incorrect/i);
  await dialog.getByLabel(/^Password/).fill(key);
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await expect(dialog).toBeHidden();
  await expect(builder.saved).toBeVisible();
  await expect(builder.name).toHaveValue("Typed on after the end");
  const saved = await (await api.get(`/api/v1/workflows/${id}`)).json();
  expect(saved.name).toBe("Typed on after the end");
  await context.close();
});

/** Returns a function that waits until a page asks for nothing any more; the stream of changes stays open. */
function whenLoaded(page: Page) {
  const asked = new Set<Request>();
  let last = Date.now();
  const answered = (request: Request) => {
    last = Date.now();
    asked.delete(request);
  };
  page.on("request", (request) => {
    last = Date.now();
    if (!request.url().includes("/stream")) {
      asked.add(request);
    }
  });
  page.on("requestfinished", answered);
  page.on("requestfailed", answered);
  return () => expect.poll(() => asked.size === 0 && Date.now() - last > 500).toBe(true);
}

test("a server that is gone shows a banner; what is typed is kept, and sent when it is back", async ({
  browser,
  watch,
}) => {
  watch.allow(/ERR_|Failed to load resource/);
  const installation = await Installation.make();
  const context = await browser.newContext({
    baseURL: installation.origin,
    storageState: { cookies: [], origins: [] },
  });
  const page = await context.newPage();
  watch.on(page);
  try {
    await installation.start();
    const given = new URL(await installation.link()).searchParams.get("key") ?? "";
    await context.request.post("/first-run", { form: { key: given, email: owner, password, again: password } });
    const { id } = await makeWorkflow(context.request, "Kept");
    const builder = new Builder(page);
    const loaded = whenLoaded(page);
    await builder.open(id);
    await loaded(); // a part of the screen that could not be loaded any more would be missing

    await installation.stop();
    await builder.name.fill("Kept while it was gone");
    const banner = page.getByText("What you type is kept in this browser");
    await expect(banner).toBeVisible();
    await expect(builder.saving).toContainText("Kept in this browser");

    await installation.start();
    await expect(banner).toBeHidden();
    await expect(builder.saved).toBeVisible();
    const saved = await (await context.request.get(`/api/v1/workflows/${id}`)).json();
    expect(saved.name).toBe("Kept while it was gone");
  } finally {
    await context.close();
    await installation.remove();
  }
});

test("a query that fails says so and offers to try again", async ({ page, watch }) => {
  watch.allow(/status of 503/);
  let fail = true;
  await page.route(/\/api\/v1\/runs\?/, (route) =>
    fail
      ? route.fulfill({
          status: 503,
          contentType: "application/problem+json",
          body: '{"status":503,"detail":"Come back later."}',
        })
      : route.continue(),
  );
  await page.goto("/runs");
  await expect(page.getByRole("alert")).toContainText("Come back later.", { timeout: 20_000 });
  await expect(page.getByText("There are no runs yet")).toHaveCount(0);
  fail = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("row", { name: /Survey after shipment/ }).first()).toBeVisible();
});

test("signing out ends the session, and everywhere ends those of other browsers too", async ({
  browser,
  api,
  watch,
}) => {
  watch.allow(/status of 401/);
  const email = `leaves-${Date.now()}@example.com`;
  await api.post("/api/v1/users", { data: { email, role: "viewer", password } });
  const [here, there] = await Promise.all(
    [1, 2].map(async () => browser.newContext({ storageState: await signIn(origin, email, password) })),
  );
  if (!here || !there) {
    throw new Error("no browsers");
  }
  const page = await here.newPage();
  watch.on(page);
  await page.goto("/workflows");
  await page.getByRole("button", { name: `Your account: ${email}` }).click();
  await page.getByRole("menuitem", { name: "Sign out everywhere" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  expect((await there.request.get("/api/v1/session")).status()).toBe(401);
  await page.goto("/runs");
  await expect(page).toHaveURL(/\/login\?next=/);
  await Promise.all([here.close(), there.close()]);
});
