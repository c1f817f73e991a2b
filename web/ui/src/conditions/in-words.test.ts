import { describe, expect, it } from "vitest";
import en from "@/locales/en/conditions.json";
import { turned } from "./decision";
import { inWords } from "./in-words";

function say(key: string): string {
  const [area, name] = key.split(".") as ["operator" | "words", string];
  return (en[area] as Record<string, string>)[name] ?? key;
}

describe("a condition in words", () => {
  it.each([
    ["BigCommerce.Order.total_inc_tax >= 20", "Order | total_inc_tax is at least 20"],
    ['BigCommerce.Order.currency_code == "USD"', "Order | currency_code is “USD”"],
    ["not is_empty(BigCommerce.Order.billing_address.email)", "Order | billing_address | email is not empty"],
    ["is_empty(BigCommerce.Cart.email)", "Cart | email is empty"],
    ["!has(BigCommerce.Cart.email)", "Cart | email is missing"],
    ["BigCommerce.Order.id != nil", "Order | id is present"],
    ["BigCommerce.Order.is_deleted == false", "Order | is_deleted is false"],
    ['not (BigCommerce.Order.status contains "Ship")', "Order | status does not contain “Ship”"],
    ['BigCommerce.Order.status not in ["a", "b"]', "Order | status is none of “a”, “b”"],
    ['Steps.call.answer["my field"] > -1.5', "Steps | call | answer | my field is more than -1.5"],
    [
      'BigCommerce.Order.id > 1 and (BigCommerce.Order.a == "x and y" || BigCommerce.Order.b < 2)',
      "Order | id is more than 1 and (Order | a is “x and y” or Order | b is less than 2)",
    ],
  ])("%s", (condition, words) => expect(inWords(condition, say)).toBe(words));

  it.each([
    "a > 1 and b > 2 or c > 3", // who reads it in words groups it as they like
    "not (BigCommerce.Order.id == 5)", // of a missing value it says something else than "is not"
    'any(BigCommerce.Products, .sku startsWith "TEE-")',
    "BigCommerce.Order.a + 1 > 2",
    'lower(BigCommerce.Order.status) == "x"',
    "BigCommerce.Order.is_deleted",
    "BigCommerce.Order.id >",
    "BigCommerce.Order.id > 1)",
    "",
  ])("keeps its own text: %s", (condition) => expect(inWords(condition, say)).toBeUndefined());
});

describe("a comparison behind a not", () => {
  const one = { expression: "is_empty(BigCommerce.Cart.email)", result: false };
  it("is shown turned, so that a tick means as it should be", () =>
    expect(turned(one, `not ${one.expression} and BigCommerce.Cart.id != nil`)).toEqual({
      text: `not ${one.expression}`,
      result: true,
    }));
  it("stays as it is without a not", () =>
    expect(turned(one, one.expression)).toEqual({ text: one.expression, result: false }));
  it("stays as it is when it stands there twice", () =>
    expect(turned(one, `not ${one.expression} or ${one.expression}`).result).toBe(false));
});
