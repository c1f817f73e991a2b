import type { Page } from "@playwright/test";
import axe, { type AxeResults, type RunOptions } from "axe-core";
import { expect } from "./fixtures";

const everything = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/**
 * Looks for what axe finds wrong on the page as it stands, light and dark. Frames are left out: those of mails run no script.
 * The app turns dark by a class; pages that are made on the server do it by a media query.
 */
export async function expectAccessible(page: Page, what: string, { theme = "class" } = {}) {
  await run(page, `${what}, light`, { runOnly: { type: "tag", values: everything } });
  await page.emulateMedia({ colorScheme: "dark" });
  if (theme === "class") {
    await expect(page.locator("html")).toHaveClass(/dark/);
  }
  await run(page, `${what}, dark`, { runOnly: { type: "rule", values: ["color-contrast"] } });
  await page.emulateMedia({ colorScheme: "light" });
  if (theme === "class") {
    await expect(page.locator("html")).not.toHaveClass(/dark/);
  }
}

async function run(page: Page, what: string, options: RunOptions) {
  await settled(page);
  if (!(await page.evaluate(() => "axe" in window))) {
    await page.evaluate(axe.source);
  }
  const { violations } = await page.evaluate(
    (given) => (window as unknown as { axe: typeof axe }).axe.run(document, given) as Promise<AxeResults>,
    {
      ...options,
      rules: { region: { enabled: (await page.getByRole("menu").count()) === 0 } }, // a menu belongs to its button
      iframes: false,
      resultTypes: ["violations"],
    } satisfies RunOptions,
  );
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}\n    ${node.target.join(" ")}\n    ${node.html}\n    ${node.failureSummary}`),
  );
  expect.soft(found, what).toEqual([]);
}

/** Waits until the last change is drawn: a colour that is on its way has no contrast yet. */
async function settled(page: Page) {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** At 320 px nothing is cut off and nobody scrolls sideways. */
export async function expectReflow(page: Page, what: string) {
  const size = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  const width = () => page.evaluate(() => document.documentElement.scrollWidth);
  await expect
    .configure({ soft: true })
    .poll(width, { message: `${what} at 320 px: width of the page`, timeout: 3000 })
    .toBeLessThanOrEqual(320);
  if (size) {
    await page.setViewportSize(size);
  }
}
