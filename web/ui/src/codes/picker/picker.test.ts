import { describe, expect, it } from "vitest";
import { type Code, codesOf, searchCodes, stepCodes, unavailableCodes } from "../codes";
import { tagsOf } from "../template-text";
import type { Codes } from "../use-codes";
import { insertionOf, pathWithMember } from "./insertion";
import { shownCodes } from "./shown-codes";

const described = (code: string, more = {}) => ({
  code,
  path: code.replaceAll(" | ", "."),
  type: "string",
  description: "",
  personal: false,
  sample: "",
  ...more,
});

const own = codesOf([
  described("BigCommerce | Order | id", { type: "integer" }),
  described("BigCommerce | Order | billing_address | zip", { synonyms: ["postcode"] }),
  described("BigCommerce | Customer | zip_notes"),
  described("BigCommerce | Products", { type: "list", items: [described("sku"), described("name")] }),
]);
const [id, zip, , products] = own as [Code, Code, Code, Code];
const gone = unavailableCodes([
  { root: "BigCommerce | Cart", group: "Cart", reason: "A shipment has no cart.", codes: ["BigCommerce | Cart | zip"] },
]);
const values: Record<string, string> = { "BigCommerce | Order | id": "1042" };
const all: Codes = {
  status: "ready",
  error: undefined,
  retry: () => {},
  codes: own,
  unavailable: gone,
  find: (code) => own.find((c) => c.code === code),
  valueOf: (c) => (values[c.code] ? { state: "value", value: values[c.code] } : { state: "missing" }),
  filled: () => undefined,
};

const names = (codes: Code[]) => codes.map((c) => c.code);
const search = (typed: string, codes = [...own, ...gone]) =>
  names(searchCodes(codes, typed, (c) => values[c.code] ?? ""));

describe("searchCodes", () => {
  it("finds by another word, by value and by parts, and what cannot be used last", () => {
    expect(search("postcode")).toEqual(["BigCommerce | Order | billing_address | zip"]);
    expect(search("1042")).toEqual(["BigCommerce | Order | id"]);
    expect(search("order zip")).toEqual(["BigCommerce | Order | billing_address | zip"]);
    expect(search("ZIP")).toEqual([
      "BigCommerce | Order | billing_address | zip",
      "BigCommerce | Customer | zip_notes",
      "BigCommerce | Cart | zip",
    ]);
    expect(search("nothing of the kind")).toEqual([]);
  });

  it("finds by a path as it stands in conditions", () => {
    expect(search("BigCommerce.Order.id")).toEqual(["BigCommerce | Order | id"]);
  });
});

describe("shownCodes", () => {
  const wanted = { typed: "", loops: [], items: true, recent: [] };

  it("begins with what was used last, ends with what cannot be used", () => {
    const titles = shownCodes(all, { ...wanted, recent: [zip.code, "gone"] }).map((s) => s.title);
    expect(titles).toEqual(["@picker.recent", "Order", "Customer", "Products", "Cart"]);
  });

  it("begins with the elements of the list around", () => {
    const [first] = shownCodes(all, { ...wanted, loops: [products.code] });
    expect(first?.title).toBe("@picker.inLoop");
    expect(names(first?.codes ?? [])).toEqual(["item | sku", "item | name"]);
  });

  it("finds elements of lists only where a block can be inserted", () => {
    expect(shownCodes(all, { ...wanted, typed: "sku" }).flatMap((s) => names(s.codes))).toEqual(["item | sku"]);
    expect(shownCodes(all, { ...wanted, typed: "sku", items: false })).toEqual([]);
  });
});

describe("insertionOf", () => {
  const plain = { loops: [], place: "text" as const, fallback: "", format: "", member: "", whole: false };

  it.each([
    ["a code", { code: id }, "{{ BigCommerce | Order | id }}"],
    [
      "fallback and format",
      { code: zip, fallback: "none", format: "upper" },
      '{{ BigCommerce | Order | billing_address | zip ?? "none" :: upper }}',
    ],
    [
      "several formats",
      { code: zip, format: "trim :: upper" },
      "{{ BigCommerce | Order | billing_address | zip :: trim :: upper }}",
    ],
    ["a list", { code: products }, "{{#each BigCommerce | Products}}{{ item | name }}\n{{/each}}"],
    [
      "a list in HTML",
      { code: products, place: "html" as const },
      "<ul>{{#each BigCommerce | Products}}<li>{{ item | name }}</li>{{/each}}</ul>",
    ],
    ["a list as it is", { code: products, whole: true }, "{{ BigCommerce | Products }}"],
    ["a list in JSON", { code: products, place: "json" as const }, "{{ BigCommerce | Products }}"],
    ["an element in its loop", { code: products.items[0] as Code, loops: [products.code] }, "{{ item | sku }}"],
    [
      "an element elsewhere",
      { code: products.items[0] as Code },
      "{{#each BigCommerce | Products}}{{ item | sku }}\n{{/each}}",
    ],
  ])("%s", (_name, choice, want) => {
    const text = insertionOf({ ...plain, ...choice });
    expect(text).toBe(want);
    expect(tagsOf(text).length).toBeGreaterThan(0);
  });

  it("goes into what an earlier step left behind", () => {
    const [body] = stepCodes({ id: "tell-2", title: "HTTP request" }, [
      { name: "body", type: "", description: "" },
    ]) as [Code];
    expect(insertionOf({ ...plain, code: body, member: "order.first name" })).toBe(
      "{{ Steps | tell-2 | body | order | first name }}",
    );
    expect(pathWithMember(body.path, "order.first name")).toBe('Steps["tell-2"].body.order["first name"]');
  });
});
