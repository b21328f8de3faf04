import { describe, expect, test } from "vitest";
import { thin } from "../../lab/shrink/thin.ts";

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);
const needs =
  (...needed: number[]) =>
  (items: readonly number[]): boolean =>
    needed.every((each) => items.includes(each));

describe("thinning a list", () => {
  test("leaves exactly what is needed, wherever it stands", () => {
    for (const needed of [[], [0], [99], [3, 50, 51], [0, 1, 2, 97, 98, 99]]) {
      expect(thin(upTo(100), needs(...needed))).toEqual(needed);
    }
  });

  test("takes few questions where little is needed", () => {
    let asked = 0;
    thin(upTo(1024), (items) => {
      asked++;
      return needs(77, 800)(items);
    });
    expect(asked).toBeLessThan(60);
  });

  test("asks of the empty list first, and never of the whole one", () => {
    const lengths: number[] = [];
    thin(upTo(10), (items) => {
      lengths.push(items.length);
      return false;
    });
    expect(lengths[0]).toBe(0);
    expect(lengths.slice(1).every((length) => length > 0 && length < 10)).toBe(true);
  });

  test("with a grain it leaves pieces alone that are too small", () => {
    let asked = 0;
    const left = thin(
      upTo(64),
      (items) => {
        asked++;
        return needs(5)(items);
      },
      8,
    );
    expect(left).toHaveLength(8);
    expect(left).toContain(5);
    expect(asked).toBeLessThan(20);
  });
});
