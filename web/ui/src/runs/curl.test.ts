import { expect, it } from "vitest";
import { readRequest, toCurl } from "./curl";

const stored = `POST https://hooks.example.com/vip?a=1
Authorization: ***
Content-Type: application/json
Idempotency-Key: run-1-tell
User-Agent: Cartwheel

{"name": "O'Brien"}

and more`;

it("becomes a command with placeholders for what is masked", () => {
  const request = readRequest(stored);
  expect(request && toCurl(request)).toBe(
    [
      "curl -X POST 'https://hooks.example.com/vip?a=1'",
      "-H 'Authorization: AUTHORIZATION'",
      "-H 'Content-Type: application/json'",
      "-H 'Idempotency-Key: run-1-tell'",
      `--data-raw '{"name": "O'\\''Brien"}\n\nand more'`,
    ].join(" \\\n  "),
  );
});

it("is not made of a mail", () => {
  expect(readRequest("From: shop@example.com\nTo: anna@example.com\n\nHello")).toBeUndefined();
});

it("needs no body", () => {
  const request = readRequest("GET https://example.com/");
  expect(request && toCurl(request)).toBe("curl -X GET 'https://example.com/'");
});
