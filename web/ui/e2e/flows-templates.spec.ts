import type { APIRequestContext, Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { Flow } from "./screens/flow";
import { ask, away, makeWorkflow } from "./screens/made";
import { type ActionSpec, fillStep, type StepText } from "./screens/step-form";

interface Template {
  id: string;
  title: string;
  workflow: {
    name: string;
    trigger: { type: string };
    condition: string;
    once_per: string;
    steps: StepText[];
  };
}

const templates = (api: APIRequestContext) => ask<{ items: Template[] }>(api, "/api/v1/templates");
const titles: Record<string, string> = { delay: "Wait" };

async function begin(page: Page, name: string, trigger: string): Promise<Flow> {
  const builder = new Flow(page);
  await page.goto("/workflows");
  await page.getByRole("button", { name: "New workflow" }).click();
  await builder.dialog.getByRole("combobox", { name: "What starts it" }).selectOption(trigger);
  await builder.dialog.getByRole("textbox", { name: "Name" }).fill(name);
  await builder.dialog.getByRole("button", { name: "Create and open" }).click();
  await expect(builder.name).toHaveValue(name);
  return builder;
}

test.describe("each ready-made workflow from nothing", () => {
  // The list itself is the server's; its length is told here, so that one more gets a test.
  for (const at of [0, 1, 2, 3, 4, 5]) {
    test(`number ${at + 1}`, async ({ page, api }) => {
      const template = (await templates(api)).items[at] as Template;
      const actions = (await ask<{ items: ActionSpec[] }>(api, "/api/v1/actions")).items;
      const { workflow } = template;
      const builder = await begin(page, `${template.title}, built`, workflow.trigger.type);

      await builder.inspector.getByRole("combobox", { name: "Run once for each" }).selectOption(workflow.once_per);
      await builder.inspector.getByRole("tab", { name: "Text" }).click();
      await builder.write(builder.inspector.getByRole("textbox", { name: "Only if" }), workflow.condition);
      for (const step of workflow.steps) {
        const action = actions.find((a) => a.type === step.type);
        await builder.addStep(action?.title ?? titles[step.type] ?? "");
        await fillStep(builder, step, action);
      }
      await builder.settled();
      await expect(builder.lower.getByRole("button", { name: /problem/i }).first()).toHaveText(/Problems/);

      const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";
      const stored = await ask<Template["workflow"] & { problems: unknown[] }>(api, `/api/v1/workflows/${id}`);
      expect(stored.problems).toEqual([]);
      expect({ condition: stored.condition, once: stored.once_per, steps: withoutAuth(stored.steps) }).toEqual({
        condition: workflow.condition,
        once: workflow.once_per,
        steps: withoutAuth(workflow.steps),
      });

      await builder.publish();
      await expect(builder.header).toContainText("Live");
      await away(api, id);
    });
  }

  test("there are no more of them", async ({ api }) => {
    expect((await templates(api)).items).toHaveLength(6);
  });
});

test("missing authentications are filled in from the list of problems", async ({ page, api }) => {
  const template = (await templates(api)).items[0] as Template;
  const id = await makeWorkflow(api, { ...template.workflow, name: "Without authentications" });
  const builder = new Flow(page);
  await builder.open(id);

  const store = builder.inspector.getByRole("combobox", { name: "Store" });
  await expect(builder.inspector.getByText("The trigger needs an authentication")).toBeVisible();
  await store.selectOption("demo-store");

  await builder.lower.getByRole("button", { name: /Mail server must be/ }).click();
  const server = builder.inspector.getByRole("combobox", { name: "Mail server" });
  await expect(server).toBeFocused();
  await server.selectOption("demo-mail");
  await expect(builder.lower.getByText("Nothing is wrong: it can be published.")).toBeVisible();

  await builder.publish();
  await expect(builder.header).toContainText("Live");
  await away(api, id);
});

/** The steps but for who they send as, which a template cannot know; a field left alone keeps its default. */
function withoutAuth(steps: StepText[]) {
  return steps.map(({ id, type, config }) => ({
    id,
    type,
    config: { ...(type === "http_request" ? { method: "POST" } : {}), ...config, authentication_id: undefined },
  }));
}
