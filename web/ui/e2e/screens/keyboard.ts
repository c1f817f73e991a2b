import type { Locator, Page } from "@playwright/test";
import { expect } from "../fixtures";

/** Presses Tab, or Shift+Tab, until the control has the focus; fails when it is not met. */
export async function tabTo(page: Page, target: Locator, { back = false, most = 60 } = {}) {
  await expect(target).toBeVisible();
  for (let i = 0; i < most; i++) {
    if (await target.evaluate((element) => element === document.activeElement)) {
      return;
    }
    await page.keyboard.press(back ? "Shift+Tab" : "Tab");
  }
  await expect(target, "met with the Tab key").toBeFocused();
}

/** The names of what the Tab key meets next, in that order. */
export async function tabOrder(page: Page, count: number): Promise<string[]> {
  const met: string[] = [];
  for (let i = 0; i < count; i++) {
    await page.keyboard.press("Tab");
    met.push(
      await page.evaluate(() => {
        const at = document.activeElement;
        return at?.getAttribute("aria-label") ?? at?.textContent?.trim() ?? "";
      }),
    );
  }
  return met;
}

/** Keeps all that a screen reader is told, from the next page on; the live region itself shows only the last of it. */
export async function listen(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const told: string[] = [];
    Object.assign(window, { told });
    const note = () => {
      const text = document.querySelector("[data-testid=announcer]")?.textContent?.trim() ?? "";
      if (text && told.at(-1) !== text) {
        told.push(text);
      }
    };
    document.addEventListener("DOMContentLoaded", () => {
      new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
    });
  });
  return () => page.evaluate(() => (window as unknown as { told: string[] }).told);
}
