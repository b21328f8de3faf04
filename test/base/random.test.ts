/**
 * Randomness: streams that nobody else's draws can shift. The drawn values are golden: if one changes, every seed that
 * somebody has written down means another run, so that has to be on purpose.
 */

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KeyedRandom, Random } from "../../src/base/index.ts";

function draws(random: Random, count = 4): number[] {
  return Array.from({ length: count }, () => random.uint32());
}

describe("a stream of draws", () => {
  test.each<[string, Random, number[]]>([
    ["of seed 1", new Random(1), [2259355072, 526750310, 2051790815, 2669053944]],
    ["of seed 2", new Random(2), [1965238556, 3249107798, 3874697717, 2438396434]],
    [
      "of seed 1, for the nemesis",
      new Random(1).fork("nemesis"),
      [92620559, 2502617619, 1248825122, 4273774353],
    ],
    [
      "of seed 1, for n3's second life",
      new Random(1).fork("n3", 2),
      [1887563534, 1105542620, 2226197332, 62570765],
    ],
  ])("%s", (_, random, golden) => {
    expect(draws(random)).toEqual(golden);
  });

  test("is used up alike by every kind of draw", () => {
    const random = new Random(1);
    const drawn = [
      random.below(1000),
      random.between(5, 500),
      random.chance(500),
      random.pick(["a", "b", "c"]),
    ];
    expect([...drawn, random.shuffle([1, 2, 3, 4, 5]).join("")]).toEqual([72, 299, false, "a", "32145"]);
  });

  test("is the same every time", () => {
    expect(draws(new Random("a"), 100)).toEqual(draws(new Random("a"), 100));
  });

  test("does not care whether the seed is a number or its digits", () => {
    expect(draws(new Random(42))).toEqual(draws(new Random("42")));
  });

  test("gives every integer below n about equally often", () => {
    const random = new Random("below");
    const counts = [0, 0, 0, 0, 0, 0];
    for (let i = 0; i < 6000; i++) counts[random.below(6)]!++;
    // Six standard deviations of 29.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(174);
  });

  test.each([0, -1, 1.5, 0x100000001, Number.NaN, Number.POSITIVE_INFINITY])("has no draw below %d", (n) => {
    expect(() => new Random(1).below(n)).toThrow(`a draw below ${n} needs an integer`);
  });

  test("draws within its bounds, both of which occur", () => {
    const random = new Random("bounds");
    const drawn = Array.from({ length: 300 }, () => random.between(3, 7));
    expect([...new Set(drawn)].sort()).toEqual([3, 4, 5, 6, 7]);
    expect(random.between(5, 5)).toBe(5);
    expect(random.below(1)).toBe(0);
    expect(random.below(0x100000000)).toBeGreaterThanOrEqual(0);
  });

  test("has chances out of a thousand", () => {
    const random = new Random("chance");
    const hits = (permille: number) =>
      Array.from({ length: 2000 }, () => random.chance(permille)).filter(Boolean).length;
    expect(hits(0)).toBe(0);
    expect(hits(1000)).toBe(2000);
    expect(Math.abs(hits(250) - 500)).toBeLessThan(117);
  });

  test("picks from a list, and never from an empty one", () => {
    const random = new Random("pick");
    const picked = Array.from({ length: 100 }, () => random.pick(["a", "b", "c"]));
    expect([...new Set(picked)].sort()).toEqual(["a", "b", "c"]);
    expect(() => random.pick([])).toThrow("cannot pick from an empty list");
  });

  test("shuffles into a new list with the same items, every order about equally often", () => {
    const random = new Random("shuffle");
    const items = Object.freeze(["a", "b", "c"]);
    const orders = new Map<string, number>();
    for (let i = 0; i < 1200; i++) {
      const order = random.shuffle(items).join("");
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect([...orders.keys()].sort()).toEqual(["abc", "acb", "bac", "bca", "cab", "cba"]);
    for (const count of orders.values()) expect(Math.abs(count - 200)).toBeLessThan(78);
    expect(random.shuffle([])).toEqual([]);
  });
});

describe("a fork", () => {
  test("is not shifted by draws from its parent", () => {
    const parent = new Random(1);
    const before = draws(parent.fork("disk"));
    draws(parent, 17);
    expect(draws(parent.fork("disk"))).toEqual(before);
  });

  test("does not shift its parent, nor its siblings", () => {
    const alone = draws(new Random(1));
    const parent = new Random(1);
    const disk = parent.fork("disk");
    draws(parent.fork("network"), 9);
    expect(draws(parent)).toEqual(alone);
    expect(draws(disk)).toEqual(draws(new Random(1).fork("disk")));
  });

  test("differs from every other", () => {
    const root = new Random(1);
    const forks = [
      root,
      new Random(11),
      root.fork("a"),
      root.fork("b"),
      root.fork("a", 1),
      root.fork("a", 11),
    ];
    forks.push(
      root.fork("a1"),
      root.fork("a", 1).fork(1),
      root.fork("n1"),
      root.fork("n11"),
      root.fork("n1", 1),
    );
    expect(new Set(forks.map((random) => draws(random, 2).join())).size).toBe(forks.length);
  });

  test("of a fork is the fork of both names", () => {
    expect(draws(new Random(1).fork("a").fork("b"))).toEqual(draws(new Random(1).fork("a", "b")));
  });
});

describe("keyed draws", () => {
  const keyed = () => new KeyedRandom(0x12345678, 0x9abcdef0);

  test("are golden", () => {
    const drawn = [0, 1, 2, 3].map((number) => keyed().below(1_000_000, number, 0));
    expect(drawn).toEqual([715809, 649301, 382432, 126877]);
    const forked = [0, 1, 2, 3].map((number) => keyed().fork(1, 2).below(1_000_000, number, 5));
    expect(forked).toEqual([379027, 844161, 33642, 792493]);
    expect(keyed().fork(3, 1).below(1_000_000, 0, 0)).toBe(923895);
    expect(KeyedRandom.from(new Random(1)).below(1_000_000, 0, 0)).toBe(576843);
  });

  test("do not depend on which were drawn before", () => {
    const random = keyed();
    const tenth = random.below(1000, 10, 0);
    for (let number = 0; number < 10; number++) random.below(1000, number, 0);
    expect(random.below(1000, 10, 0)).toBe(tenth);
  });

  test("lie below their bound", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 }), fc.nat(), fc.nat(20), (n, number, purpose) => {
        const drawn = keyed().below(n, number, purpose);
        expect(Number.isInteger(drawn) && drawn >= 0 && drawn < n).toBe(true);
      }),
    );
  });

  test.each<[string, (i: number) => number]>([
    ["of successive numbers", (i) => keyed().below(10, i, 0)],
    ["of successive purposes", (i) => keyed().below(10, 3, i)],
    ["of successive links", (i) => keyed().fork(i, 1).below(10, 0, 0)],
    ["of links' other ends", (i) => keyed().fork(1, i).below(10, 0, 0)],
    ["of successive seeds", (i) => KeyedRandom.from(new Random(i)).below(10, 0, 0)],
  ])("%s are spread evenly", (_, draw) => {
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 5000; i++) counts[draw(i)]!++;
    // Six standard deviations of 21.
    for (const count of counts) expect(Math.abs(count - 500)).toBeLessThan(127);
  });

  test("of a link's two directions, and of two purposes, are independent", () => {
    const agree = (a: (i: number) => number, b: (i: number) => number) => {
      let same = 0;
      for (let i = 0; i < 5000; i++) if (a(i) === b(i)) same++;
      return same;
    };
    const there = keyed().fork(1, 2);
    const back = keyed().fork(2, 1);
    const pairs = [
      agree(
        (i) => there.below(10, i, 0),
        (i) => back.below(10, i, 0),
      ),
      agree(
        (i) => there.below(10, i, 0),
        (i) => there.below(10, i, 1),
      ),
      agree(
        (i) => there.below(10, i, 0),
        (i) => there.below(10, i + 1, 0),
      ),
    ];
    for (const same of pairs) expect(Math.abs(same - 500)).toBeLessThan(127);
  });
});
