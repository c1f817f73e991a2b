import { expectAccessible, expectReflow } from "./axe";
import { expect, test } from "./fixtures";

test("sending is stopped with one click, every page says so to everybody, and it is started again", async ({
  page,
  api,
  openAs,
}) => {
  const banner = "Sending is stopped: no mail and no call goes out.";
  const isStopped = async () => (await (await api.get("/api/v1/settings")).json()).sending.stopped;
  const viewer = await openAs("viewer");
  await viewer.goto("/runs");
  await expect(viewer.getByRole("heading", { level: 1 })).toBeVisible();
  try {
    await page.goto("/settings/sending");
    await page.getByRole("button", { name: "Stop all sending" }).press("Enter");
    const dialog = page.getByRole("dialog", { name: "Stop all sending?" });
    await expectAccessible(page, "the question");
    expect(await isStopped()).toBe(false);
    await dialog.getByRole("button", { name: "Stop all sending" }).press("Enter");
    await expect(dialog).toHaveCount(0);
    await expect(page.getByText(banner)).toBeVisible();
    expect(await isStopped()).toBe(true);
    await expectAccessible(page, "stopped");
    await expectReflow(page, "stopped");

    await expect(viewer.getByText(banner)).toBeVisible(); // without a reload
    await expect(viewer.getByText("An administrator can start it again.")).toBeVisible();
    await page.goto("/home");
    await expect(page.getByRole("main").getByRole("link", { name: "Sending is stopped" })).toBeVisible();

    await page.getByRole("link", { name: "To the settings" }).click();
    await page.getByRole("textbox", { name: "Mails to one address in 24 hours" }).fill("many");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Write a number from 1 to 1,000,000.")).toBeVisible();
    await page.getByRole("textbox", { name: "Mails to one address in 24 hours" }).fill("30");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("The limits were saved.").first()).toBeVisible();
    expect(await isStopped()).toBe(true);

    await page.getByRole("button", { name: "Start again" }).click();
    await page
      .getByRole("dialog", { name: "Start sending again?" })
      .getByRole("button", { name: "Start again" })
      .click();
    await expect(page.getByRole("button", { name: "Stop all sending" })).toBeVisible();
    await expect(page.getByText(banner)).toHaveCount(0);
    await expect(viewer.getByText(banner)).toHaveCount(0);
    expect(await isStopped()).toBe(false);
  } finally {
    await api.put("/api/v1/settings", { data: { alerts: { enabled: false }, sending: { stopped: false } } });
  }
});
