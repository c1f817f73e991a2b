import { describe, expect, it } from "vitest";
import { parseLimit } from "./limit";

describe("parseLimit", () => {
  it.each([
    ["20", 20],
    [" 1000 ", 1000],
    ["1,000", 1000],
    ["1.000", 1000],
    ["1 000 000", 1_000_000],
    ["", 0],
    ["  ", 0],
    ["0", undefined],
    ["-1", undefined],
    ["1,5", undefined],
    ["1,0000", undefined],
    ["1000001", undefined],
    ["1e3", undefined],
    ["many", undefined],
  ])("reads %j as %j", (text, want) => {
    expect(parseLimit(text)).toBe(want);
  });
});
