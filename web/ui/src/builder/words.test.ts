import { describe, expect, it } from "vitest";
import { entityWords, searchOf } from "./event-search";
import { fieldWords } from "./problems";

describe("the search for an event", () => {
  it.each([
    ["", "bigcommerce.order_created", {}],
    [" anna@example.com ", "bigcommerce.order_created", { email: "anna@example.com" }],
    ["251", "bigcommerce.shipment_created", { entity: "order/251" }],
    ["#251", "bigcommerce.order_created", { entity: "order/251" }],
    ["ab-12", "bigcommerce.cart_abandoned", { entity: "cart/ab-12" }],
    ["7", "bigcommerce.customer_created", { entity: "customer/7" }],
    ["customer/7", "bigcommerce.order_created", { entity: "customer/7" }],
  ])("asks for %s of %s", (text, trigger, query) => expect(searchOf(text, trigger)).toEqual(query));
  it("calls entities by their kind, and leaves unknown ones as they are", () => {
    const t = (key: string, values?: Record<string, unknown>) =>
      key === "chooser.entity.order" ? `Order ${values?.id}` : String(values?.defaultValue);
    expect(entityWords("order/251", t)).toBe("Order 251");
    expect(entityWords("thing/x/y", t)).toBe("thing/x/y");
  });
});

describe("the words for a field", () => {
  const titles = {
    label: (_: string, name: string) => `«${name}»`,
    t: (key: string, values?: Record<string, unknown>) =>
      values && "part" in values ? `branch ${values.number} ${values.part}` : `${key} ${values?.number ?? ""}`.trim(),
  };
  it.each([
    ["config.url", "«url»"],
    ["config.headers.X-Key", "«headers» (X-Key)"],
    ["trigger.config.after", "«after»"],
    ["branches[1].condition", "branch 2 field.condition"],
    ["branches[0]", "describe.arm 1"],
    ["retry.attempts", "field.retry_attempts"],
    ["", ""],
  ])("%s", (field, words) => expect(fieldWords(field, "x", titles)).toBe(words));
});
