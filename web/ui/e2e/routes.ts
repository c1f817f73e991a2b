import type { APIRequestContext, Page } from "@playwright/test";
import { expect } from "./fixtures";

/** A screen of the app: where it is, and the heading that shows when it is loaded. */
export interface Screen {
  name: string;
  path: string;
  heading: string | RegExp;
}

type Item = { id: string; type: string };

/** Waits for the first item of a list that fits; the demo's story may still be told. */
async function find(api: APIRequestContext, path: string, fits: (item: Item) => boolean = () => true): Promise<Item> {
  let first: Item | undefined;
  await expect(async () => {
    const answer = await api.get(`/api/v1/${path}`);
    expect(answer.ok(), await answer.text()).toBe(true);
    first = (await answer.json()).items.find(fits);
    expect(first, path).toBeDefined();
  }).toPass({ timeout: 20_000 });
  return first as Item;
}

/** Every screen of the app, those of one thing with a thing of the demo's story. */
export async function screens(api: APIRequestContext): Promise<Screen[]> {
  const [run, event, store, mail] = await Promise.all([
    find(api, "runs?workflow_id=post-shipment-survey&status=succeeded"),
    find(api, "events?trigger=bigcommerce.shipment_created&status=done"),
    find(api, "authentications", (a) => a.type === "bigcommerce"),
    find(api, "authentications", (a) => a.type === "smtp"),
  ]);
  return [
    { name: "home", path: "/home", heading: "Home" },
    { name: "start", path: "/start", heading: "Getting started" },
    { name: "workflows", path: "/workflows", heading: "Workflows" },
    { name: "builder of a mail", path: "/workflows/abandoned-cart-reminder", heading: "Reminder of an abandoned cart" },
    { name: "builder of a call", path: "/workflows/high-value-order", heading: "Alert for a high-value order" },
    { name: "runs", path: "/runs", heading: "Runs" },
    { name: "run", path: `/runs/${run.id}`, heading: /Survey after shipment/ },
    { name: "events", path: "/events", heading: "Events" },
    { name: "event", path: `/events/${event.id}`, heading: /Shipment created/i },
    { name: "authentications", path: "/authentications", heading: "Authentications" },
    { name: "store", path: `/authentications/${store.id}`, heading: "Demo store" },
    { name: "sender", path: `/authentications/${mail.id}`, heading: "Demo mail" },
    { name: "new authentication", path: "/authentications/new", heading: "New authentication" },
    {
      name: "new store",
      path: "/authentications/new?type=bigcommerce",
      heading: /New authentication: /,
    },
    { name: "account", path: "/settings/account", heading: "Settings" },
    { name: "users", path: "/settings/users", heading: "Settings" },
    { name: "tokens", path: "/settings/tokens", heading: "Settings" },
    { name: "alerts", path: "/settings/alerts", heading: "Settings" },
    { name: "sending", path: "/settings/sending", heading: "Settings" },
    { name: "about", path: "/settings/about", heading: "Settings" },
    { name: "nothing", path: "/no-such-page", heading: "This page does not exist" },
  ];
}

/** Opens a screen and waits until it has loaded: its heading shows and no grey lines are left. */
export async function open(page: Page, screen: Screen) {
  await page.goto(screen.path);
  await loaded(page, screen);
}

/** Waits until a screen has loaded. */
export async function loaded(page: Page, screen: Screen) {
  await expect(page.getByRole("heading", { level: 1, name: screen.heading })).toBeAttached();
  await expect(page.getByRole("status", { name: "Loading …" })).toHaveCount(0);
}
