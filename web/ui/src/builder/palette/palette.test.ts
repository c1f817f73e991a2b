import { beforeEach, describe, expect, it } from "vitest";
import { groupOf, kindsOf } from "./kinds";
import { matches } from "./palette";
import { noteRecent, recentTypes } from "./recent";

const action = (type: string, ...authentication_types: string[]) => ({
  type,
  title: type,
  summary: "",
  authentication_types,
  example: {},
  outputs: [],
  fields: [],
});

describe("groupOf", () => {
  it.each([
    ["branch", [], "logic"],
    ["delay", [], "logic"],
    ["send_email", ["smtp"], "message"],
    ["http_request", ["http_bearer", "oauth2_client_credentials"], "http"],
    ["bigcommerce.update_order", ["bigcommerce"], "bigcommerce"],
    ["update_customer", ["bigcommerce"], "bigcommerce"],
    ["notify", ["smtp"], "message"],
    ["something_new", [], "other"],
  ])("%s with %s stands under %s", (type, types, group) => {
    expect(groupOf(type, action(type, ...types))).toBe(group);
  });
});

describe("kindsOf", () => {
  it("offers our own steps and every action", () => {
    const kinds = kindsOf(
      [action("new_one")],
      (type) => type.toUpperCase(),
      (key) => key,
    );
    expect(kinds.map((k) => [k.type, k.title])).toEqual([
      ["branch", "BRANCH"],
      ["delay", "DELAY"],
      ["stop", "STOP"],
      ["new_one", "new_one"],
    ]);
  });
});

describe("matches", () => {
  const words = ["Send e-mail", "Sends a message to one recipient."];
  it("finds every word, the title first", () => {
    expect(matches("message send_email", "mail", words)).toBe(1);
    expect(matches("message send_email", "recipient", words)).toBeGreaterThan(0);
    expect(matches("message send_email", "recipient", words)).toBeLessThan(1);
    expect(matches("message send_email", "mail recipient", words)).toBeGreaterThan(0);
    expect(matches("message send_email", "mail branch", words)).toBe(0);
  });
  it("does not show what was used recently twice", () => {
    expect(matches("recent send_email", "mail", words)).toBe(0);
  });
});

describe("recentTypes", () => {
  beforeEach(() => localStorage.clear());
  it("keeps the last four, newest first, each once", () => {
    for (const type of ["a", "b", "c", "a", "d", "e"]) {
      noteRecent(type);
    }
    expect(recentTypes()).toEqual(["e", "d", "a", "c"]);
  });
  it("bears what is not its own", () => {
    localStorage.setItem("cartwheel.palette.recent", "{");
    expect(recentTypes()).toEqual([]);
  });
});
