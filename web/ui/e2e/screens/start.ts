import { expect, type Locator, type Page } from "@playwright/test";
import type { Sim } from "../server";

/** The page that leads to the first workflow. */
export class Start {
  constructor(private readonly page: Page) {}

  /** One of its steps, by its title. */
  step(title: string): Locator {
    return this.page.getByRole("listitem").filter({ has: this.page.getByRole("heading", { level: 2, name: title }) });
  }

  /** The checks of a step's test. */
  checks(title: string): Locator {
    return this.step(title)
      .getByRole("listitem")
      .filter({ hasText: /: (passed|failed)/ });
  }

  /** Pastes the file that a store's control panel gives, and the address of the simulated store. */
  async connectStore(sim: Sim) {
    const step = this.step("Connect your store");
    await step
      .getByLabel(/^The file's text/)
      .fill(
        `ACCESS TOKEN: ${sim.token}\nCLIENT NAME: Cartwheel\nCLIENT ID: some-client-id\nCLIENT SECRET: ${sim.secret}\n\n` +
          `NAME: Cartwheel\nAPI PATH: https://api.bigcommerce.com/stores/${sim.hash}/v3/\n`,
      );
    await expect(step.getByLabel(/^Store hash/)).toHaveValue(sim.hash);
    await step.getByLabel(/^API address/).fill(sim.url);
    await step.getByRole("button", { name: "Save and test" }).click();
  }

  /** Names a mail server on this machine. */
  async connectSender(port: number) {
    const step = this.step("Connect a mail server");
    await step.getByLabel(/^Host/).fill("127.0.0.1");
    await step.getByLabel(/^Port/).fill(String(port));
    await step.getByLabel(/^From/).fill("Shop <shop@example.com>");
    await step.getByLabel(/^Encryption/).selectOption("none");
    await step.getByRole("button", { name: "Save and test" }).click();
  }

  /** Sends a test mail to who is signed in. */
  async sendTestMail() {
    const step = this.step("Connect a mail server");
    await step.getByRole("button", { name: "Send a test mail" }).click();
  }

  /** Fetches an order, shipment or cart now. */
  async fetchSample(trigger: string, id: string) {
    const step = this.step("Get an event to build with");
    await step.getByLabel("As for the trigger").selectOption({ label: trigger });
    await step.getByLabel(/^Number of an order/).fill(id);
    await step.getByRole("button", { name: "Fetch and keep as a sample" }).click();
    await expect(step.getByText("It was fetched and kept.")).toBeVisible();
  }

  /** Makes a workflow of a ready-made one. */
  async takeWorkflow(title: string) {
    await this.step("Take a ready-made workflow").getByRole("button", { name: "Choose a workflow" }).click();
    await new NewWorkflow(this.page).create(title);
  }
}

/** The dialog that makes a workflow. */
export class NewWorkflow {
  constructor(private readonly page: Page) {}

  async create(template: string, name?: string) {
    const dialog = this.page.getByRole("dialog", { name: "New workflow" });
    await dialog.getByRole("radio", { name: new RegExp(`^${template}`) }).check();
    if (name) {
      await dialog.getByLabel("Name", { exact: true }).fill(name);
    }
    await dialog.getByRole("button", { name: "Create and open" }).click();
    await expect(this.page).toHaveURL(/\/workflows\/[^/]+$/);
  }
}
