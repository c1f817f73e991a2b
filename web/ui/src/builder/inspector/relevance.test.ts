import { describe, expect, it } from "vitest";
import type { Schema } from "@/api/client";
import { isLong, isMain, isRelevant, isUnset, typeOf } from "./relevance";

const field = (name: string, more: Partial<Schema<"Field">> = {}): Schema<"Field"> => ({
  name,
  label: name,
  type: "text",
  required: false,
  merge: true,
  ...more,
});

const kind = field("kind", { type: "select", options: ["json", "form", "text", "none"], default: "none" });
const body = field("body", { type_from: "kind", when: { field: "kind", values: ["json", "text"] } });
const form = field("form", { type: "map", when: { field: "kind", values: ["form"] } });
const fields = [kind, body, form];

describe("isRelevant", () => {
  it.each([
    ["the default chooses", {}, [true, false, false]],
    ["json has a body", { kind: "json" }, [true, true, false]],
    ["form has fields", { kind: "form" }, [true, false, true]],
    ["what holds something stays", { kind: "none", body: "x", form: { a: "b" } }, [true, true, true]],
    ["an empty map holds nothing", { kind: "none", form: {} }, [true, false, false]],
  ])("%s", (_name, config, want) => {
    expect(fields.map((f) => isRelevant(f, fields, config))).toEqual(want);
  });
});

it("takes the type that another field chooses, when it is one of a template", () => {
  expect(typeOf(body, fields, { kind: "json" })).toBe("json");
  expect(typeOf(body, fields, { kind: "form" })).toBe("text");
  expect(typeOf(body, fields, {})).toBe("text");
  expect(typeOf(form, fields, {})).toBe("map");
});

it("folds away what is advanced until it says something", () => {
  const from = field("from", { advanced: true });
  expect(isMain(from, {})).toBe(false);
  expect(isMain(from, { from: "a@example.com" })).toBe(true);
  expect(isMain(field("from", { advanced: true, required: true }), {})).toBe(true);
  expect(isMain(field("to"), {})).toBe(true);
});

it("tells a message from a line", () => {
  expect(isLong(field("html", { type: "html", max: 5 }), "html")).toBe(true);
  expect(isLong(field("text"), "text")).toBe(true);
  expect(isLong(field("link", { max: 1000 }), "text")).toBe(false);
  expect(isLong(field("to", { type: "header" }), "header")).toBe(false);
});

it("knows what is not set", () => {
  expect([undefined, null, "", {}, []].every(isUnset)).toBe(true);
  expect([0, false, "x", { a: "" }].some(isUnset)).toBe(false);
});
