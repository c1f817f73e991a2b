import { expect, test } from "./fixtures";
import type { Role } from "./places";
import { open, screens } from "./routes";
import { Builder } from "./screens/builder";

// What each role must not find on the screens: the API would refuse it.
const absent: { role: Role; screen: string; buttons: RegExp }[] = [
  { role: "viewer", screen: "workflows", buttons: /^New workflow$|^Actions for / },
  {
    role: "viewer",
    screen: "builder of a mail",
    buttons: /^Test$|^Publish|^Undo|Add a step|: actions$|Insert merge code|^Add/,
  },
  { role: "viewer", screen: "run", buttons: /^Try again|^Cancel the run|^Run the event again/ },
  { role: "viewer", screen: "event", buttons: /^Run the event again|^Replay/ },
  { role: "viewer", screen: "start", buttons: /^Choose a workflow|^Save and test|^Test now|^Fetch/ },
  { role: "viewer", screen: "authentications", buttons: /^New authentication/ },
  { role: "editor", screen: "authentications", buttons: /^New authentication/ },
  { role: "editor", screen: "store", buttons: /^Test now|^Delete|^Save$|^Check and repair/ },
  { role: "editor", screen: "start", buttons: /^Save and test|^Test now|^Send a test mail/ },
  { role: "integration_manager", screen: "users", buttons: /^Add a person|^Remove/ },
  { role: "integration_manager", screen: "tokens", buttons: /^New API token|^Revoke/ },
  { role: "integration_manager", screen: "alerts", buttons: /^Save$/ },
  { role: "integration_manager", screen: "sending", buttons: /^Save$|^Stop all sending$/ },
];

// What each role must find there, so that the patterns above look at the right screens.
const present: { role: Role; screen: string; buttons: string[] }[] = [
  { role: "editor", screen: "workflows", buttons: ["New workflow"] },
  { role: "editor", screen: "builder of a mail", buttons: ["Test", "Publish …"] },
  { role: "integration_manager", screen: "authentications", buttons: ["New authentication"] },
  { role: "integration_manager", screen: "store", buttons: ["Test now", "Delete"] },
  { role: "admin", screen: "users", buttons: ["Add a person"] },
  { role: "admin", screen: "tokens", buttons: ["New API token"] },
  { role: "admin", screen: "sending", buttons: ["Stop all sending"] },
];

for (const role of ["viewer", "editor", "integration_manager", "admin"] as const) {
  test(`${role}: what the role may not do is absent from the screens`, async ({ openAs, api, watch }) => {
    watch.allow(/status of 403/);
    const page = await openAs(role);
    const all = new Map((await screens(api)).map((screen) => [screen.name, screen]));
    const control = (name: RegExp | string) =>
      page
        .getByRole("button", typeof name === "string" ? { name, exact: true } : { name })
        .or(page.getByRole("link", typeof name === "string" ? { name, exact: true } : { name }));
    const wanted = [...present, ...absent].filter((x) => x.role === role).map((x) => x.screen);
    for (const name of new Set(wanted)) {
      await test.step(name, async () => {
        const screen = all.get(name);
        if (!screen) {
          throw new Error(`there is no screen ${name}`);
        }
        await open(page, screen);
        for (const { buttons } of present.filter((x) => x.role === role && x.screen === name)) {
          for (const button of buttons) {
            await expect(control(button).first(), button).toBeVisible();
          }
        }
        for (const { buttons } of absent.filter((x) => x.role === role && x.screen === name)) {
          await expect(control(buttons), String(buttons)).toHaveCount(0);
        }
      });
    }
  });
}

test("the API refuses what the screens do not offer", async ({ openAs }) => {
  const [viewer, editor, manager] = [
    await openAs("viewer"),
    await openAs("editor"),
    await openAs("integration_manager"),
  ];
  const workflow = { name: "No", trigger: { type: "bigcommerce.order_created" }, condition: "", steps: [] };
  const answers = await Promise.all([
    viewer.request.post("/api/v1/workflows", { data: workflow }),
    viewer.request.post("/api/v1/workflows/abandoned-cart-reminder/pause"),
    viewer.request.post("/api/v1/workflows/abandoned-cart-reminder/test", { data: {} }),
    editor.request.post("/api/v1/authentications", { data: { name: "No", type: "smtp", config: {}, secrets: {} } }),
    editor.request.delete("/api/v1/authentications/demo-store"),
    manager.request.get("/api/v1/users"),
    manager.request.post("/api/v1/tokens", { data: { name: "No", role: "admin" } }),
    manager.request.get("/api/v1/settings"),
  ]);
  expect(answers.map((answer) => `${answer.status()} ${answer.url()}`)).toEqual(
    answers.map((answer) => `403 ${answer.url()}`),
  );
});

test("a viewer reads the builder, and is told who can change it", async ({ openAs }) => {
  const page = await openAs("viewer");
  const builder = new Builder(page);
  await builder.open("abandoned-cart-reminder");
  await expect(builder.header).toContainText("Read only");
  await expect(builder.name).toHaveCount(0);
  await builder.choose("remind");
  await expect(builder.text("Subject")).toHaveAttribute("aria-readonly", "true");
  await builder.line("remind").press("Delete");
  await expect(builder.line("remind")).toBeVisible();
});

test("shoppers' data reads *** for a viewer", async ({ openAs, api }) => {
  const page = await openAs("viewer");
  const screen = (await screens(api)).find((s) => s.name === "event");
  if (!screen) {
    throw new Error("no event");
  }
  await open(page, screen);
  await page.getByLabel("Search among names and values").fill("billing_address | email");
  await expect(page.getByRole("row", { name: /billing_address \| email/ }).first()).toContainText("***");
  await expect(page.getByText(/@example\.(com|org|net)/).and(page.locator("main *"))).toHaveCount(0);
});
