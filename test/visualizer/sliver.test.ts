/** Operations too narrow to tell apart, as rectangles of a shade. */
import { expect, test } from "vitest";
import { shaded } from "../../visualizer/sliver.ts";

type Row = [x: number, width: number, kind: string, count: number];

function looks(rows: readonly Row[]): [from: number, until: number, kind: string, shade: number][] {
  return shaded(rows.map(([x, width, kind, count]) => ({ x, width, kind, count }))).map(
    ({ from, until, kind, shade }) => [from, until, kind, Math.round(shade * 100) / 100],
  );
}

test("a sliver of one operation has its colour in full, whatever is beside it", () => {
  const seen = looks([
    [0, 2, "get", 1],
    [10, 2, "get", 90],
  ]);
  expect(seen).toEqual([
    [0, 2, "get", 1],
    [10, 12, "mixed", 1],
  ]);
});

test("neighbours of one look are one rectangle", () => {
  const seen = looks([
    [0, 2, "get", 1],
    [2, 2, "get", 1],
    [4, 2, "put", 1],
  ]);
  expect(seen).toEqual([
    [0, 4, "get", 1],
    [4, 6, "put", 1],
  ]);
});

test("the more operations there are, the darker they are, and the fullest is darkest", () => {
  const shades = looks([
    [0, 2, "get", 4],
    [10, 2, "get", 25],
    [20, 2, "get", 100],
  ]).map((look) => look[3]);
  expect(shades).toEqual([...new Set(shades)].sort((a, b) => a - b));
  expect(shades.at(-1)).toBe(1);
});

test("what overlaps does not add up, and is not lost", () => {
  const seen = looks([
    [0, 2.5, "get", 1],
    [2, 2.5, "put", 1],
  ]);
  expect(seen).toEqual([
    [0, 2.5, "get", 1],
    [2.5, 4.5, "put", 1],
  ]);
});
