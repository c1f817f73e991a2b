import { expect, it } from "vitest";
import { layOut } from "./axis";

const day = 86_400_000;

it("folds the days between two short attempts, so that both can be seen", () => {
  const axis = layOut(
    [
      { from: 0, to: 200 },
      { from: 3 * day, to: 3 * day + 200 },
    ],
    0,
    3 * day + 200,
  );
  expect(axis.pieces.map((p) => p.idle)).toEqual([false, true, false]);
  expect(axis.pieces[0]?.width).toBeCloseTo(0.47);
  expect(axis.at(0)).toBe(0);
  expect(axis.at(3 * day + 200)).toBeCloseTo(1);
  expect(axis.at(1.5 * day)).toBeCloseTo(0.5);
});

it("folds nothing in a run of seconds", () => {
  const axis = layOut(
    [
      { from: 0, to: 1000 },
      { from: 2000, to: 4000 },
    ],
    0,
    4000,
  );
  expect(axis.pieces).toHaveLength(1);
  expect(axis.at(1000)).toBeCloseTo(0.25);
});

it("has room for a hundred folded times", () => {
  const spans = Array.from({ length: 100 }, (_, i) => ({ from: i * day, to: i * day + 10 }));
  const axis = layOut(spans, 0, 99 * day + 10);
  expect(axis.pieces.reduce((sum, p) => sum + p.width, 0)).toBeCloseTo(1);
  expect(axis.at(99 * day + 10)).toBeCloseTo(1);
});

it("stands for a run that took no time at all", () => {
  expect(layOut([], 5, 5).at(5)).toBeLessThanOrEqual(1);
});
