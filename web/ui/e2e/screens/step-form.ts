import type { Locator } from "@playwright/test";
import { expect } from "../fixtures";
import type { Flow } from "./flow";

interface FieldSpec {
  name: string;
  type: string;
  label: string;
}

/** What GET /actions says of an action. */
export interface ActionSpec {
  type: string;
  title: string;
  fields: FieldSpec[];
}

/** A step of a definition. */
export interface StepText {
  id: string;
  type: string;
  config: Record<string, unknown>;
}

const units: Record<string, string> = { s: "seconds", m: "minutes", h: "hours", d: "days", w: "weeks" };

/** Fills in the form of the chosen step, as a person would who has its definition in front of them. */
export async function fillStep(builder: Flow, step: StepText, action: ActionSpec | undefined) {
  const { inspector } = builder;
  if (step.type === "delay") {
    const [, number = "", unit = ""] = /^(\d+)([smhdw])$/.exec(String(step.config.for)) ?? [];
    await builder.text("Wait for").fill(number);
    await inspector.getByRole("combobox", { name: "Wait for: unit" }).selectOption(units[unit] ?? "");
  }
  for (const spec of action?.fields ?? []) {
    const value = step.config[spec.name];
    if (value !== undefined) {
      await fillField(builder, spec, value);
    }
  }
  const name = builder.text("Short name of the step");
  await name.fill(step.id);
  await name.press("Enter");
  await expect(builder.line(step.id)).toBeVisible();
}

async function fillField(builder: Flow, spec: FieldSpec, value: unknown) {
  const label = new RegExp(`^${spec.label}( ?\\(required\\))?$`);
  const more = builder.inspector.locator("details:not([open])").filter({ hasText: "More fields" });
  const folded = more.getByText(new RegExp(`\\b${spec.label}\\b`)).first();
  if (await folded.isVisible()) {
    await folded.click();
  }
  if (spec.type === "map") {
    await fillMap(builder, builder.inspector.getByRole("group", { name: spec.label }), value as Record<string, string>);
  } else if (spec.type === "select" || spec.type === "authentication") {
    const select = builder.inspector.getByRole("combobox", { name: label });
    if (value !== "" && (await select.inputValue()) !== value) {
      await select.selectOption(String(value));
    }
  } else {
    await builder.write(builder.text(spec.label), String(value));
  }
}

async function fillMap(builder: Flow, map: Locator, value: Record<string, string>) {
  for (const [name, text] of Object.entries(value)) {
    await map.getByRole("button", { name: /^Add to / }).click();
    const row = map.getByRole("textbox", { name: "Name" }).last();
    await expect(row).toBeFocused();
    await row.fill(name);
    await builder.write(map.getByRole("textbox", { name: `Value of ${name}`, exact: true }), text);
  }
}
