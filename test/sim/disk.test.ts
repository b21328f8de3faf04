/** The disk: durable only after an fsync, in order, in groups; and a crash keeps a first part or nothing. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Boot, perfectConditions } from "../../lab/sim/index.ts";
import { type Input, type Instant, MILLISECOND, SECOND } from "../../src/base/index.ts";
import { type ToyActor, type ToyEffect, type ToyWorld, worldOf } from "./toys.ts";

/** Writes down each word that it is sent and answers only when the word is on the disk. */
class Scribe implements ToyActor {
  readonly deadline = null;
  readonly durable: { at: Instant; mark: number }[] = [];
  /** What the disk kept of earlier lives. */
  readonly found: readonly string[];
  private mark = 0;

  constructor(image: readonly string[]) {
    this.found = [...image];
  }

  step(now: Instant, input: Input<string>): readonly ToyEffect[] {
    if (input.kind === "durable") this.durable.push({ at: now, mark: input.mark });
    if (input.kind !== "request") return [];
    const { from, call, payload } = input;
    const answer = { kind: "reply", to: from, call, payload: `${payload}!` } as const;
    if (payload === "overtake") return [answer];
    const record = payload === "wait" ? null : payload;
    return [{ kind: "persist", mark: ++this.mark, record, thenSend: [answer] }];
  }
}

/** Asks the scribe what the test wants it to, and hears. */
class Asker implements ToyActor {
  readonly deadline = null;
  readonly heard: string[] = [];
  readonly wanted: string[] = [];
  private calls = 0;

  step(_now: Instant, input: Input<string>): readonly ToyEffect[] {
    if (input.kind === "reply") this.heard.push(input.payload);
    return this.wanted
      .splice(0)
      .map((payload) => ({ kind: "request", to: "s", call: ++this.calls, payload }));
  }
}

class Office {
  readonly asker = new Asker();
  readonly scribes: Scribe[] = [];
  readonly world: ToyWorld;

  constructor(seed = 1) {
    const boot = ({ id, image }: Boot<string[]>) => {
      if (id === "a") return this.asker;
      this.scribes.push(new Scribe(image));
      return this.scribes.at(-1)!;
    };
    this.world = worldOf(["a", "s"], boot, seed);
    this.world.setConditions(perfectConditions);
  }

  get scribe(): Scribe {
    return this.scribes.at(-1)!;
  }

  /** Hands words to the scribe itself, so that all of them reach it now and in this order. */
  write(...words: string[]): void {
    for (const payload of words) this.world.deliver("s", { kind: "request", from: "a", call: 0, payload });
  }

  ask(...words: string[]): void {
    this.asker.wanted.push(...words);
    this.world.deliver("a", { kind: "deadline" });
  }

  /** What the disk would give to a life that began now: kills the present one. */
  restart(): readonly string[] {
    this.world.crash("s");
    this.world.start("s");
    return this.scribe.found;
  }
}

/** The world's events about the disk are as long as an fsync, 0.4 ms and what the writes add, or up to twice that. */
const fsync = (writes: number) => ({ least: 400 + 20 * writes, most: 2 * (400 + 20 * writes) });

describe("a write", () => {
  test("becomes durable when its fsync has ended, after 0.42 to 0.84 ms", () => {
    const times = Array.from({ length: 200 }, (_, seed) => {
      const office = new Office(seed);
      office.write("x");
      office.world.run(SECOND);
      expect(office.scribe.durable.map(({ mark }) => mark)).toEqual([1]);
      return office.scribe.durable[0]!.at;
    });
    expect(Math.min(...times)).toBeGreaterThanOrEqual(fsync(1).least);
    expect(Math.max(...times)).toBeLessThanOrEqual(fsync(1).most);
    expect(Math.max(...times)).toBeGreaterThan(fsync(1).most * 0.95);
  });

  test("is answered only after that: what waits for the disk is sent when the record is on it", () => {
    const office = new Office();
    office.ask("x");
    office.world.run(SECOND, () => office.scribe.durable.length === 1);
    expect(office.asker.heard).toEqual([]);
    expect(office.restart()).toEqual(["x"]);
    // The answer had left the scribe before it died.
    office.world.run(SECOND);
    expect(office.asker.heard).toEqual(["x!"]);
  });

  test("may be overtaken by a message that does not wait for the disk", () => {
    const office = new Office();
    office.write("x");
    office.ask("overtake", "y");
    office.world.run(SECOND);
    expect(office.asker.heard).toEqual(["overtake!", "y!"]);
  });

  test("without a record waits for those before it and leaves nothing behind", () => {
    const office = new Office();
    office.write("x", "wait");
    expect(office.scribe.durable).toEqual([]);
    office.world.run(SECOND);
    expect(office.scribe.durable.at(-1)!.mark).toBe(2);
    expect(office.restart()).toEqual(["x"]);
  });

  test("keeps its place: records reach the disk in the order of writing", () => {
    const office = new Office();
    const words = Array.from({ length: 50 }, (_, i) => `w${i}`);
    for (const [i, word] of words.entries()) office.world.at(i * 100, () => office.write(word));
    office.world.run(SECOND);
    expect(office.restart()).toEqual(words);
    const marks = office.scribes[0]!.durable.map(({ mark }) => mark);
    expect(marks).toEqual([...marks].sort((a, b) => a - b));
    expect(marks.at(-1)).toBe(50);
  });
});

describe("group commit", () => {
  test("puts all that is written during one fsync into the next", () => {
    const office = new Office();
    office.write("1");
    office.write("2", "3", "4");
    office.world.run(SECOND);
    const [first, second] = office.scribe.durable;
    expect(office.scribe.durable.map(({ mark }) => mark)).toEqual([1, 4]);
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(fsync(3).least);
    expect(second!.at - first!.at).toBeLessThanOrEqual(fsync(3).most);
  });

  test("does not let a write into the fsync under way, which began before it", () => {
    const office = new Office();
    office.write("1");
    office.world.run(399);
    office.write("2");
    office.world.run(SECOND, () => office.scribe.durable.length === 1);
    expect(office.scribe.durable[0]!.mark).toBe(1);
  });
});

describe("power loss", () => {
  test("before the fsync has ended sends nothing that waited for it, in this life or the next", () => {
    const office = new Office();
    office.ask("x");
    // The word takes 0.3 ms at most, and its fsync 0.42 ms at least.
    office.world.run(500);
    office.restart();
    office.world.run(SECOND);
    expect(office.asker.heard).toEqual([]);
    expect(office.scribes.map(({ durable }) => durable)).toEqual([[], []]);
  });

  test("keeps nothing, a part, or all of three unsynced writes; each of these happens", () => {
    const kept = new Map<number, number>();
    for (let seed = 0; seed < 400; seed++) {
      const office = new Office(seed);
      office.write("1", "2", "3");
      const found = office.restart();
      kept.set(found.length, (kept.get(found.length) ?? 0) + 1);
    }
    expect([...kept.keys()].sort()).toEqual([0, 1, 2, 3]);
    for (const times of kept.values()) expect(times).toBeGreaterThan(60);
  });

  test("decides anew each time it strikes", () => {
    const office = new Office();
    let before = 0;
    const kept = Array.from({ length: 40 }, () => {
      office.write("1", "2", "3");
      const found = office.restart().length;
      const survivors = found - before;
      before = found;
      return survivors;
    });
    expect([...new Set(kept)].sort()).toEqual([0, 1, 2, 3]);
  });

  test("never takes back what was durable", () => {
    for (let seed = 0; seed < 50; seed++) {
      const office = new Office(seed);
      office.write("safe");
      office.world.run(MILLISECOND);
      office.write("unsafe");
      expect(office.restart()[0]).toBe("safe");
    }
  });

  test("during a pause loses the news of an fsync and not its data", () => {
    const office = new Office();
    office.write("x");
    office.world.pause("s");
    office.world.run(MILLISECOND);
    expect(office.scribe.durable).toEqual([]);
    expect(office.restart()).toEqual(["x"]);
    expect(office.scribes[0]!.durable).toEqual([]);
  });

  test("leaves a disk that the next life can write to at once, whatever fsync was under way", () => {
    const office = new Office();
    office.write("1");
    office.world.run(100);
    const found = office.restart();
    office.write("2");
    office.world.run(SECOND);
    expect(office.scribe.durable).toHaveLength(1);
    expect(office.scribe.durable[0]!.at).toBeGreaterThanOrEqual(100 + fsync(1).least);
    expect(office.restart()).toEqual([...found, "2"]);
  });

  // At every restart the disk is what it must be, or that with a first part of the writes in doubt: never a later
  // record without an earlier one.
  test("keeps a prefix of what was written in doubt, whenever it strikes", () => {
    const action = fc.oneof(
      fc.record({ kind: fc.constant("write" as const), count: fc.integer({ min: 1, max: 5 }) }),
      fc.record({ kind: fc.constant("wait" as const), time: fc.integer({ min: 1, max: 1500 }) }),
      fc.record({ kind: fc.constant("crash" as const) }),
      fc.record({ kind: fc.constant("pause" as const), time: fc.integer({ min: 1, max: 1500 }) }),
    );
    const law = (seed: number, actions: readonly { kind: string; count?: number; time?: number }[]) => {
      const office = new Office(seed);
      let words = 0;
      /** What this life found, and what it wrote since. */
      let expected: string[] = [];
      for (const { kind, count = 0, time = 0 } of actions) {
        const written = Array.from({ length: count }, () => `w${words++}`);
        if (kind === "pause") office.world.pause("s");
        office.write(...written);
        expected.push(...written);
        office.world.run(office.world.now + time);
        if (kind === "pause") office.world.resume("s");
        if (kind !== "crash") continue;
        const atLeast = office.scribe.found.length + (office.scribe.durable.at(-1)?.mark ?? 0);
        const found = office.restart();
        expect(found).toEqual(expected.slice(0, found.length));
        expect(found.length).toBeGreaterThanOrEqual(atLeast);
        expected = [...found];
      }
    };
    fc.assert(fc.property(fc.nat(1000), fc.array(action, { maxLength: 30 }), law), { seed: 1, numRuns: 300 });
  });
});

test("a crash that says how many writes the disk keeps leaves so many of them, and no more than there are", () => {
  for (let kept = 0; kept <= 4; kept++) {
    const office = new Office();
    office.write("a", "b", "c");
    office.world.crash("s", kept);
    office.world.start("s");
    expect(office.scribe.found).toEqual(["a", "b", "c"].slice(0, kept));
  }
});

describe("an fsync that fails", () => {
  test("ends the server's life: it is told nothing, nobody is answered, and it begins from what a crash keeps", () => {
    for (let seed = 0; seed < 30; seed++) {
      const office = new Office(seed);
      let told = 0;
      office.world.failSync("s", () => told++);
      office.ask("x");
      office.world.run(SECOND);
      expect([told, office.world.condition("s"), office.world.mishaps("s").failed]).toEqual([1, "down", 1]);
      expect([office.scribe.durable, office.asker.heard]).toEqual([[], []]);
      office.world.start("s");
      expect(["", "x"]).toContain(office.scribe.found.join());
    }
  });

  test("is one fsync, and none if it was called off", () => {
    const office = new Office();
    office.world.failSync("s", () => {});
    office.world.failSync("s", null);
    office.write("x");
    office.world.run(SECOND);
    expect([office.world.condition("s"), office.scribe.durable.length]).toEqual(["up", 1]);
    office.world.failSync("s", () => {});
    office.write("y");
    office.world.run(2 * SECOND);
    office.world.start("s");
    office.write("z");
    office.world.run(3 * SECOND);
    expect([office.world.condition("s"), office.scribe.durable.length]).toEqual(["up", 1]);
  });
});
