import { expect, type Locator, type Page } from "@playwright/test";
import { Builder } from "./builder";

/** The builder with what is needed to follow a whole piece of work in it. */
export class Flow extends Builder {
  readonly trigger: Locator;
  /** problems and test run */
  readonly lower: Locator;
  readonly dialog: Locator;
  readonly undo: Locator;
  readonly redo: Locator;

  constructor(page: Page) {
    super(page);
    this.trigger = this.outline.locator('[data-card="trigger"]');
    this.lower = page.getByRole("region", { name: "Problems and test run" });
    this.dialog = page.getByRole("dialog");
    this.undo = this.header.getByRole("button", { name: /^Undo/ });
    this.redo = this.header.getByRole("button", { name: /^Redo/ });
  }

  /** The ids of the steps, as the outline lists them. */
  async steps(): Promise<string[]> {
    const keys = await this.outline.locator("[data-card^='step:']").evaluateAll((lines) => {
      return lines.map((line) => line.getAttribute("data-card") ?? "");
    });
    return keys.map((key) => key.replace("step:", ""));
  }

  /** Chooses an entry of the menu of a step in the outline. */
  async stepMenu(id: string, entry: string) {
    const line = this.line(id).locator("xpath=..");
    await line.getByRole("button", { name: /: actions$/ }).click();
    await this.page.getByRole("menuitem", { name: entry, exact: true }).click();
  }

  /** Writes into an editor or an input, in place of what is there, as if it were pasted. */
  async write(field: Locator, text: string) {
    await field.focus();
    await this.page.keyboard.press("Control+a");
    await this.page.keyboard.insertText(text);
  }

  /** Waits until what is on the screen is stored. */
  async settled() {
    await expect(this.saving).toContainText(/^Saved/);
  }

  /** Previews and tests with the sample that comes with the trigger: it is always the same. */
  async takeBuiltin() {
    await this.chooseEvent(/^Built-in sample/);
  }
}
