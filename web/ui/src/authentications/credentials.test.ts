import { describe, expect, it } from "vitest";
import { readCredentials } from "./credentials";

const file = `ACCESS TOKEN: tok3nexample0
CLIENT NAME: Cartwheel
CLIENT ID: idexample1
CLIENT SECRET: secretexample2
NAME: Cartwheel
API PATH: https://api.bigcommerce.com/stores/abc123xy/v3/
`;

describe("what a pasted text says about a store", () => {
  it.each([
    [
      "the downloaded file",
      file,
      {
        access_token: "tok3nexample0",
        client_id: "idexample1",
        client_secret: "secretexample2",
        store_hash: "abc123xy",
      },
    ],
    [
      "the same with Windows lines",
      file.replaceAll("\n", "\r\n"),
      {
        access_token: "tok3nexample0",
        client_id: "idexample1",
        client_secret: "secretexample2",
        store_hash: "abc123xy",
      },
    ],
    ["an API path", "https://api.bigcommerce.com/stores/ABC123/v2/", { store_hash: "abc123" }],
    ["a control panel's address", "https://store-k1drp8k8.mybigcommerce.com/manage/orders", { store_hash: "k1drp8k8" }],
    ["a bare hash", "  k1drp8k8 ", { store_hash: "k1drp8k8" }],
    ["the token alone", "Access Token: abc", { access_token: "abc" }],
    ["something else", "hello, world", {}],
    ["nothing", "", {}],
  ])("%s", (_, text, want) => {
    expect(readCredentials(text)).toEqual(want);
  });
});
