/** Digests: two runs are the same if their digests are, so every difference has to show. */

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AssertionError, assert, Digest, unreachable } from "../../src/base/index.ts";

function digest(...parts: readonly (string | number)[]): string {
  const digest = new Digest();
  for (const part of parts) {
    if (typeof part === "string") digest.text(part);
    else digest.integer(part);
  }
  return digest.hex();
}

describe("a digest", () => {
  test.each<[(string | number)[], string]>([
    [[], "243f6a8813198a2e"],
    [["linlab"], "d036f987e59e7798"],
    [[0], "6ba6897e7832f821"],
    [[1, 2, "n3", 9007199254740991], "c646e8b47aa9896b"],
  ])("of %j is golden", (parts, golden) => {
    expect(digest(...parts)).toBe(golden);
  });

  test("is 16 hexadecimal digits", () => {
    for (let i = 0; i < 500; i++) expect(digest(i)).toMatch(/^[0-9a-f]{16}$/);
  });

  test("can be read at any time without being disturbed", () => {
    const read = new Digest();
    read.text("a");
    read.hex();
    read.text("b");
    expect(read.hex()).toBe(digest("a", "b"));
  });

  test.each<[string, (string | number)[], (string | number)[]]>([
    ["the order", [1, 2], [2, 1]],
    ["the order of equal letters", ["ab"], ["ba"]],
    ["where one string ends", ["a", "bc"], ["ab", "c"]],
    ["an empty string", ["a", ""], ["a"]],
    ["a leading zero", [0, 1], [1]],
    ["a repetition", [0, 0], [0]],
    ["a string and a number", ["1"], [1]],
    ["the high half of an integer", [1], [4294967297]],
    ["one bit of 53", [9007199254740991], [9007199254740990]],
    ["a surrogate's half", ["\ud83d\ude00"], ["\ud83d\ude01"]],
  ])("sees %s", (_, a, b) => {
    expect(digest(...a)).not.toBe(digest(...b));
  });

  test("has no collision among 100,000 short inputs, in either half", () => {
    const whole = new Set<string>();
    const halves = [new Set<string>(), new Set<string>()];
    for (let i = 0; i < 100_000; i++) {
      const hex = digest(i % 100, (i / 100) | 0);
      whole.add(hex);
      halves[0]!.add(hex.slice(0, 8));
      halves[1]!.add(hex.slice(8));
    }
    expect(whole.size).toBe(100_000);
    // 32 random bits would collide once in a pair of sets this large.
    for (const half of halves) expect(half.size).toBeGreaterThan(99_980);
  });

  test("sees one changed word anywhere in a long input", () => {
    const words = fc.array(fc.integer(), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(words, fc.nat(), fc.integer(), (list, place, other) => {
        const at = place % list.length;
        fc.pre((list[at]! | 0) !== (other | 0));
        const digests = [list, list.with(at, other)].map((words) => {
          const digest = new Digest();
          for (const word of words) digest.word(word);
          return digest.hex();
        });
        expect(digests[0]).not.toBe(digests[1]);
      }),
    );
  });
});

describe("an assertion", () => {
  test("that holds says nothing", () => {
    expect(() => assert(true, "never")).not.toThrow();
  });

  test("that fails says what should hold, as the programmer's error", () => {
    expect(() => assert(false, "a 3 is past b 2")).toThrow(new AssertionError("a 3 is past b 2"));
  });

  test("of the impossible shows what came", () => {
    expect(() => unreachable({ kind: "surprise" } as never)).toThrow('no case for {"kind":"surprise"}');
  });
});
