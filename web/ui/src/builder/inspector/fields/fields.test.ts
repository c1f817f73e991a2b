import { describe, expect, it } from "vitest";
import { printDuration, simpleDuration } from "./duration";
import { doubled, mapOf, newRow, rowsOf, says } from "./rows";

describe("durations", () => {
  it.each([
    ["3d", { count: "3", unit: "d" }],
    [" 90 s ", { count: "90", unit: "s" }],
    ["1d12h", undefined],
    ["soon", undefined],
    ["", undefined],
  ])("%s", (text, want) => {
    expect(simpleDuration(text)).toEqual(want);
  });

  it("prints what was typed, so that the server can say what is wrong with it", () => {
    expect(printDuration({ count: "3", unit: "w" })).toBe("3w");
    expect(printDuration({ count: " ", unit: "w" })).toBe("");
    expect(printDuration({ count: "x", unit: "w" })).toBe("xw");
  });
});

describe("rows of a map", () => {
  it("come in the map's order and make it again", () => {
    const map = { b: "1", a: "2" };
    expect(rowsOf(map).map((r) => r.name)).toEqual(["b", "a"]);
    expect(mapOf(rowsOf(map))).toEqual(map);
    expect(says(rowsOf(map), map)).toBe(true);
  });

  it("leave out lines without a name, and are nothing when none is left", () => {
    expect(mapOf([newRow("", "x"), newRow(" a ", "y")])).toEqual({ a: "y" });
    expect(mapOf([newRow()])).toBeUndefined();
    expect(says([newRow()], undefined)).toBe(true);
  });

  it("notice that the map is another one now", () => {
    expect(says(rowsOf({ a: "1" }), { a: "2" })).toBe(false);
    expect(says(rowsOf({ a: "1" }), undefined)).toBe(false);
  });

  it("mark a name that stands again below", () => {
    const rows = [newRow("a", "1"), newRow("b"), newRow("a ", "2")];
    expect([...doubled(rows)]).toEqual([rows[0]?.id]);
    expect(mapOf(rows)).toEqual({ a: "2", b: "" });
  });
});
