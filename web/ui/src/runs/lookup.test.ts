import { describe, expect, it } from "vitest";
import { readLookup, writeLookup } from "./lookup";

describe("what the search box understands", () => {
  it.each([
    ["anna@example.com", { email: "anna@example.com" }],
    [" Anna@Example.COM ", { email: "anna@example.com" }],
    ["order 251", { entity: "order/251" }],
    ["Order #251", { entity: "order/251" }],
    ["#251", { entity: "order/251" }],
    ["251", { entity: "order/251" }],
    ["order/251", { entity: "order/251" }],
    ["customer 7", { entity: "customer/7" }],
    ["1B8E69E0-b6d2-438c-be80-4588be180a1f", { entity: "cart/1b8e69e0-b6d2-438c-be80-4588be180a1f" }],
    ["cart 1b8e69e0", { entity: "cart/1b8e69e0" }],
    ["", {}],
    ["two words here", undefined],
    ["planet 9", undefined],
  ])("%s", (typed, want) => {
    expect(readLookup(typed)).toEqual(want);
  });

  it("is written back as it is read", () => {
    for (const text of ["anna@example.com", "order 251", "customer 7"]) {
      expect(writeLookup(readLookup(text) ?? {})).toBe(text);
    }
  });
});
