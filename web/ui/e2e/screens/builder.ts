import { expect, type Locator, type Page } from "@playwright/test";

/** The screen of one workflow. */
export class Builder {
  readonly header: Locator;
  readonly name: Locator;
  /** which event the previews are made with */
  readonly event: Locator;
  readonly outline: Locator;
  readonly canvas: Locator;
  readonly inspector: Locator;
  /** the test run and its results */
  readonly panel: Locator;
  /** says that the draft is saved */
  readonly saved: Locator;
  readonly saving: Locator;

  constructor(protected readonly page: Page) {
    this.header = page.getByRole("group", { name: "Workflow", exact: true });
    this.name = this.header.getByLabel("Name of the workflow");
    this.event = this.header.getByRole("button", { name: /^Event for previews:/ });
    this.outline = page.getByRole("group", { name: "Outline" });
    this.canvas = page.getByRole("region", { name: "Canvas" });
    this.inspector = page.getByRole("region", { name: "Settings of what is chosen" });
    this.panel = page.getByRole("region", { name: "Test run", exact: true });
    this.saving = page.getByTestId("saved-state");
    this.saved = this.saving.getByText(/^Saved /);
  }

  /** Opens a workflow. */
  async open(id: string) {
    await this.page.goto(`/workflows/${id}`);
    await expect(this.outline).toBeVisible();
  }

  /** A line of the outline, by the id of its step. */
  line(step: string): Locator {
    return this.page.locator(`[data-twin=outline] [data-card="step:${step}"]`);
  }

  /** A card of the canvas, by the id of its step. */
  card(step: string): Locator {
    return this.page.locator(`[data-twin=canvas] [data-card="step:${step}"]`);
  }

  /** Chooses a step in the outline; without one, the trigger. */
  async choose(step?: string) {
    await (step ? this.line(step) : this.page.locator('[data-twin=outline] [data-card="trigger"]')).click();
  }

  /** A field of the inspector with merge codes: its text, what it prints and what is wrong with it. */
  field(label: string): Locator {
    return this.inspector.locator("[data-location]").filter({ has: this.text(label) });
  }

  /** The text of such a field. */
  text(label: string): Locator {
    return this.page.getByRole("textbox", { name: new RegExp(`^${label}( ?\\(required\\))?$`) });
  }

  /** Writes anew what stands in a field. Braces come by a paste, so that no picker opens. */
  async replace(label: string, text: string) {
    await this.text(label).click();
    await this.page.keyboard.press("ControlOrMeta+a");
    await this.paste(this.text(label), text);
  }

  /** Pastes a text, as from another program. */
  async paste(into: Locator, text: string) {
    await into.evaluate((element, pasted) => {
      const data = new DataTransfer();
      data.setData("text/plain", pasted);
      element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }, text);
  }

  /** Adds a step at the end of the workflow. */
  async addStep(kind: string) {
    await this.outline.getByRole("button", { name: "Add a step", exact: true }).click();
    const dialog = this.page.getByRole("dialog", { name: "Add a step" });
    await dialog.getByRole("combobox").fill(kind);
    await dialog
      .getByRole("option", { name: new RegExp(kind) })
      .first()
      .click();
    await expect(dialog).toBeHidden();
  }

  /** Opens the list of what is wrong. */
  async openProblems(): Promise<Locator> {
    const toggles = this.page.getByRole("region", { name: "Problems and test run" });
    await toggles.getByRole("button", { name: /problem|warning/i }).click();
    return this.page.getByRole("region", { name: "Problems", exact: true });
  }

  /** Opens the test run and runs all steps. */
  async test() {
    await this.header.getByRole("button", { name: "Test", exact: true }).click();
    await this.panel.getByRole("button", { name: "Test all steps" }).click();
    await expect(this.panel.getByRole("region", { name: "Trigger and condition" })).toBeVisible();
  }

  /** What the test run says of a step. */
  result(step: string): Locator {
    return this.panel.getByRole("listitem").filter({ has: this.page.getByText(step, { exact: true }) });
  }

  /** Opens the dialog that publishes. */
  async openPublish(): Promise<Locator> {
    await this.header.getByRole("button", { name: "Publish …" }).click();
    const dialog = this.page.getByRole("dialog", { name: "Publish" });
    await expect(dialog).toBeVisible();
    return dialog;
  }

  /** Makes the draft live. */
  async publish(note = "") {
    const dialog = await this.openPublish();
    await dialog.getByLabel("Note").fill(note);
    await dialog.getByRole("button", { name: "Publish", exact: true }).click();
    await expect(dialog).toBeHidden();
  }

  /** Chooses what previews and tests are made with, by its name in the list. */
  async chooseEvent(name: string | RegExp) {
    await this.event.click();
    const dialog = this.page.getByRole("dialog", { name: "Event for previews and tests" });
    await dialog.getByRole("button", { name }).first().click();
    await expect(dialog).toBeHidden();
  }

  /** Opens a line of the menu for what is done rarely. */
  async menu(item: string) {
    await this.header.getByRole("button", { name: "More actions" }).click();
    await this.page.getByRole("menuitem", { name: item }).click();
  }

  /** Opens the picker of merge codes from a field. */
  async openPicker(label: string): Promise<Picker> {
    await this.field(label).getByRole("button", { name: "Insert merge code" }).click();
    return new Picker(this.page);
  }
}

/** The dialog that finds merge codes. */
export class Picker {
  readonly dialog: Locator;
  readonly search: Locator;

  constructor(page: Page) {
    this.dialog = page.getByRole("dialog", { name: /merge code/ });
    this.search = this.dialog.getByRole("combobox", { name: "Search merge codes" });
  }

  /** The codes that are shown. */
  get options(): Locator {
    return this.dialog.getByRole("option");
  }

  /** Searches and inserts the first code that is found. */
  async insert(text: string) {
    await this.search.fill(text);
    await this.search.press("Enter");
    await expect(this.dialog).toBeHidden();
  }
}
