import { type APIRequestContext, type BrowserContextOptions, test as base, type Page, request } from "@playwright/test";
import { key, origin, owner, password, type Role } from "./places";
import { Watch } from "./watch";

export { expect } from "@playwright/test";

type State = Exclude<BrowserContextOptions["storageState"], string | undefined>;

interface Fixtures {
  /** complains at the end of a test about what its pages must not do */
  watch: Watch;
  /** opens a page in a browser of its own, signed in with a role; another origin is another server */
  openAs: (role: Role, options?: BrowserContextOptions) => Promise<Page>;
}

interface WorkerFixtures {
  /** the API as the demo's owner */
  api: APIRequestContext;
  /** the cookies of a person with a role */
  stateOf: (role: Role) => Promise<State>;
}

/** Signs in over the API and returns the cookies. */
export async function signIn(at: string, email: string, secret: string): Promise<State> {
  const context = await request.newContext({ baseURL: at, storageState: { cookies: [], origins: [] } });
  const answer = await context.post("/api/v1/session", { data: { email, password: secret } });
  if (!answer.ok()) {
    throw new Error(`sign in as ${email}: ${answer.status()} ${await answer.text()}`);
  }
  const state = await context.storageState();
  await context.dispose();
  return state;
}

/** The tests of this folder: pages are signed in as the owner and watched. */
export const test = base.extend<Fixtures, WorkerFixtures>({
  api: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright asks for a pattern
    async ({}, use) => {
      const context = await request.newContext({ baseURL: origin, storageState: await signIn(origin, owner, key) });
      await use(context);
      await context.dispose();
    },
    { scope: "worker" },
  ],
  stateOf: [
    async ({ api }, use, info) => {
      const known = new Map<Role, Promise<State>>([["admin", api.storageState()]]);
      async function make(role: Role): Promise<State> {
        const email = `${role.replaceAll("_", "-")}-${info.workerIndex}@example.com`;
        const answer = await api.post("/api/v1/users", { data: { email, role, password } });
        if (!answer.ok()) {
          throw new Error(`make ${email}: ${answer.status()} ${await answer.text()}`);
        }
        return signIn(origin, email, password);
      }
      await use((role) => {
        const state = known.get(role) ?? make(role);
        known.set(role, state);
        return state;
      });
    },
    { scope: "worker" },
  ],
  storageState: async ({ stateOf }, use) => use(await stateOf("admin")),
  // biome-ignore lint/correctness/noEmptyPattern: Playwright asks for a pattern
  watch: async ({}, use) => {
    const watch = new Watch();
    await use(watch);
    base.expect(watch.complaints, "console errors, policy violations and requests off the origin").toEqual([]);
  },
  page: async ({ page, watch }, use) => {
    watch.on(page);
    await use(page);
  },
  openAs: async ({ browser, stateOf, watch }, use) => {
    const contexts: { close(): Promise<void> }[] = [];
    await use(async (role, options) => {
      const context = await browser.newContext({ storageState: await stateOf(role), ...options });
      contexts.push(context);
      const page = await context.newPage();
      watch.on(page);
      return page;
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
});
