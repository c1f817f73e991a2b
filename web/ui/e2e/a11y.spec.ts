import { expectAccessible, expectReflow } from "./axe";
import { expect, test } from "./fixtures";
import { open, screens } from "./routes";

test("every screen loads with one heading, axe finds nothing on it, light and dark, and it fits into 320 px", async ({
  page,
  api,
}) => {
  test.setTimeout(180_000);
  for (const screen of await screens(api)) {
    await test.step(screen.name, async () => {
      await open(page, screen);
      await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
      await expect(page).toHaveTitle(/ · Cartwheel$/);
      await expect(page.getByRole("alert")).toHaveCount(0);
      await expectAccessible(page, screen.name);
      await expectReflow(page, screen.name);
    });
  }
});
