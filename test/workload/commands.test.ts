/** What clients ask for: unique values, keys and shares as asked, and the Go labs' append pattern. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  AppendGenerator,
  defaultMix,
  defaultWorkload,
  drawWorkload,
  type Generator,
  MixedGenerator,
} from "../../lab/workload/index.ts";
import { Random } from "../../src/base/index.ts";
import type { Operation, Result } from "../../src/kv/index.ts";

const mixed = (name: string, seed: string | number = name, options = {}) =>
  new MixedGenerator(new Random(seed), name, { ...defaultWorkload, ...options });

const take = (generator: Generator, count: number): Operation[] =>
  Array.from({ length: count }, () => generator.next()!);

const valuesOf = (operation: Operation) => ("value" in operation ? [operation.value] : []);

/** A store that is always right, and what it answers. */
class Store {
  readonly values = new Map<string, string>();

  apply(operation: Operation): Result {
    const { key } = operation;
    const now = this.values.get(key) ?? null;
    switch (operation.kind) {
      case "get":
        return { kind: "value", value: now };
      case "delete":
        this.values.delete(key);
        return { kind: "done" };
      case "cas": {
        const swapped = now === operation.expected;
        if (swapped) this.values.set(key, operation.value);
        return { kind: "swapped", swapped };
      }
      default:
        this.values.set(key, operation.kind === "append" ? (now ?? "") + operation.value : operation.value);
        return { kind: "done" };
    }
  }
}

/** Runs a client against the store; `answer` may say something else than the store did. */
function serve(generator: Generator, count: number, answer = (_: Operation, result: Result) => result) {
  const store = new Store();
  for (let i = 0; i < count; i++) {
    const operation = generator.next()!;
    generator.learn(operation, answer(operation, store.apply(operation)));
  }
  return store;
}

describe("the mixed workload", () => {
  /** Clients 1 and 11, whose names begin alike, and two later lives of each. */
  const names = ["c1", "c1.1", "c1.2", "c11", "c11.1", "c11.2"];
  const values = names.flatMap((name) => take(mixed(name), 500).flatMap(valuesOf));

  test("writes every value once, over all clients and their lives", () => {
    expect(values.length).toBeGreaterThan(1000);
    expect(new Set(values).size).toBe(values.length);
  });

  test("writes no value that is the beginning of another, so that what was appended can be read back", () => {
    const inOrder = [...values].sort();
    // Sorted, a beginning stands right before something that it begins.
    for (const [i, value] of inOrder.slice(0, -1).entries())
      expect(inOrder[i + 1]!.startsWith(value)).toBe(false);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...values), { maxLength: 8 }), (appended) => {
        expect(appended.join("").match(/[^;]*;/g) ?? []).toEqual(appended);
      }),
      { seed: 1 },
    );
  });

  const mixes: readonly [what: string, mix: typeof defaultMix][] = [
    ["by default", defaultMix],
    ["with reads only", { get: 1, put: 0, append: 0, delete: 0, cas: 0 }],
    ["without reads", { get: 0, put: 1, append: 1, delete: 1, cas: 1 }],
  ];
  test.each(mixes)("draws each kind as often as the mix says: %s", (_, mix) => {
    const drawn = take(mixed("c1", 1, { mix }), 20_000);
    const sum = Object.values(mix).reduce((a, b) => a + b);
    for (const [kind, share] of Object.entries(mix)) {
      const often = drawn.filter((operation) => operation.kind === kind).length;
      expect(Math.abs(often / drawn.length - share / sum), kind).toBeLessThan(share === 0 ? 1e-9 : 0.015);
    }
  });

  test.each([1, 2, 5, 50])("spreads over %i keys evenly", (keys) => {
    const often = new Map<string, number>();
    for (const { key } of take(mixed("c1", 1, { keys, hot: 0 }), 400 * keys))
      often.set(key, (often.get(key) ?? 0) + 1);
    expect([...often.keys()].sort()).toEqual(Array.from({ length: keys }, (_, i) => `k${i + 1}`).sort());
    for (const count of often.values()) expect(Math.abs(count - 400)).toBeLessThan(80);
  });

  test("has a hot key, on which clients meet", () => {
    const operations = take(mixed("c1", 1, { keys: 5, hot: 400 }), 2000);
    const hot = operations.filter(({ key }) => key === "k1").length / operations.length;
    // 400 of 1000, and a fifth of the others.
    expect(Math.abs(hot - 0.52)).toBeLessThan(0.05);
  });

  test("is a faithful reader's for one client in four: it reads, and asks who answered last", () => {
    const workloads = Array.from({ length: 400 }, (_, seed) => drawWorkload(new Random(seed), 3));
    const readers = workloads.filter(({ roaming }) => roaming === 0);
    expect(Math.abs(readers.length - 100)).toBeLessThan(40);
    const asked = take(new MixedGenerator(new Random(1), "c1", readers[0]!), 500).map(({ kind }) => kind);
    expect(asked.filter((kind) => kind === "get").length).toBeGreaterThan(450);
    for (const { keys } of workloads) expect(keys).toBe(3);
  });

  test("is the same for the same stream, and another for another", () => {
    expect(take(mixed("c1", 7), 100)).toEqual(take(mixed("c1", 7), 100));
    expect(take(mixed("c1", 7), 100)).not.toEqual(take(mixed("c1", 8), 100));
  });

  test("expects in a compare-and-set what this client saw last: alone on its keys it succeeds unless it appended", () => {
    const mix = { get: 1, put: 1, append: 0, delete: 1, cas: 2 };
    let tried = 0;
    serve(mixed("c1", 1, { mix }), 2000, (operation, result) => {
      if (operation.kind !== "cas") return result;
      tried++;
      expect(result).toEqual({ kind: "swapped", swapped: true });
      return result;
    });
    expect(tried).toBeGreaterThan(500);
  });

  test("has compare-and-sets that come too late, when appends are in the mix", () => {
    const outcomes = new Set<boolean>();
    serve(mixed("c1"), 2000, (_, result) => {
      if (result.kind === "swapped") outcomes.add(result.swapped);
      return result;
    });
    expect(outcomes).toEqual(new Set([true, false]));
  });

  test("learns nothing from a compare-and-set that failed", () => {
    const generator = mixed("c1", 1, { keys: 1, mix: { get: 0, put: 0, append: 0, delete: 0, cas: 1 } });
    generator.learn({ kind: "get", key: "k1" }, { kind: "value", value: "seen" });
    const first = generator.next();
    expect(first).toMatchObject({ kind: "cas", expected: "seen" });
    generator.learn(first, { kind: "swapped", swapped: false });
    const second = generator.next();
    expect(second).toMatchObject({ expected: "seen" });
    generator.learn(second, { kind: "swapped", swapped: true });
    expect(generator.next()).toMatchObject({ expected: valuesOf(second)[0] });
  });

  test("without keys is the programmer's error", () => {
    expect(() => mixed("c1", 1, { keys: 0 })).toThrow("a workload needs keys, not 0");
  });
});

describe("the Go labs' append pattern", () => {
  test("puts the empty text first, then appends or reads, half and half, to a key of its own", () => {
    const generator = new AppendGenerator(new Random(1), 3);
    expect(generator.next()).toEqual({ kind: "put", key: "3", value: "" });
    generator.learn({ kind: "put", key: "3", value: "" }, { kind: "done" });
    const operations = take(generator, 4000);
    expect(new Set(operations.map(({ key }) => key))).toEqual(new Set(["3"]));
    const appends = operations.filter(({ kind }) => kind === "append");
    expect(Math.abs(appends.length / 4000 - 0.5)).toBeLessThan(0.03);
    expect(operations.length - appends.length).toBe(operations.filter(({ kind }) => kind === "get").length);
    expect(appends.slice(0, 3).flatMap(valuesOf)).toEqual(["x 3 0 y", "x 3 1 y", "x 3 2 y"]);
    expect(generator.count).toBe(appends.length);
  });

  test("predicts what it reads: a right store never surprises it", () => {
    const generator = new AppendGenerator(new Random(1), 0);
    const store = serve(generator, 500);
    expect(generator.surprise).toBeNull();
    // Every append once and in order, as checkClntAppends asks.
    const all = Array.from({ length: generator.count }, (_, j) => `x 0 ${j} y`).join("");
    expect(store.values.get("0")).toBe(all);
  });

  test("repeats the first put until it was answered", () => {
    const generator = new AppendGenerator(new Random(1), 0);
    expect(take(generator, 3)).toEqual(Array(3).fill({ kind: "put", key: "0", value: "" }));
  });

  const lies: readonly [lie: string, value: (right: string) => string | null][] = [
    ["the latest append is missing", (right) => right.replace(/x 0 \d+ y$/, "")],
    ["an append is there twice", (right) => `${right}x 0 0 y`],
    ["the key is absent", () => null],
  ];
  test.each(lies)("is surprised if %s, and remembers the first surprise", (_, lie) => {
    const generator = new AppendGenerator(new Random(1), 0);
    serve(generator, 100, (_, result) =>
      result.kind === "value" && result.value !== "" ? { kind: "value", value: lie(result.value!) } : result,
    );
    expect(generator.surprise).toMatch(/^client 0 read .*, expected "x 0 0 y/);
    const first = generator.surprise;
    generator.learn({ kind: "get", key: "0" }, { kind: "value", value: "another" });
    expect(generator.surprise).toBe(first);
  });
});
