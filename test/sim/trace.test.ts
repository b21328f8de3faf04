/** The digest: equal for equal runs, different as soon as anything is. */

import { describe, expect, test } from "vitest";
import type { TraceEvent } from "../../lab/sim/index.ts";
import { Trace } from "../../lab/sim/trace.ts";
import { MILLISECOND, type NodeId } from "../../src/base/index.ts";
import { type ToyOptions, Toys } from "./toys.ts";

/** Some calls between three nodes on a bad network, with a crash and a pause. */
function play(word: string, change: (toys: Toys) => void = () => {}, options: ToyOptions = {}) {
  const toys = new Toys(["a", "b", "c"], {
    conditions: { reliable: false, duplication: 100, reordering: 100, extraDelay: MILLISECOND },
    ...options,
  });
  const events: TraceEvent[] = [];
  toys.world.trace.listener = (event) => events.push(event);
  const pairs: readonly [NodeId, NodeId][] = [
    ["a", "b"],
    ["b", "c"],
    ["c", "a"],
  ];
  for (let i = 0; i < 20; i++) {
    for (const [from, to] of pairs)
      if (toys.world.condition(from) === "up") toys.call(from, to, i === 10 ? word : "w");
    toys.pass(3 * MILLISECOND);
    if (i === 5) toys.world.crash("b");
    if (i === 8) toys.world.start("b");
    if (i === 12) toys.world.pause("c");
    if (i === 15) toys.world.resume("c");
    if (i === 16) change(toys);
  }
  toys.settle();
  return { digest: toys.world.trace.digest.hex(), count: toys.world.trace.count, events, toys };
}

describe("the digest of a run", () => {
  test("is the same for the same seed and the same run, to the last event", () => {
    const first = play("hello");
    const second = play("hello");
    expect(second.digest).toBe(first.digest);
    expect(second.events).toEqual(first.events);
    expect(first.digest).toMatch(/^[0-9a-f]{16}$/);
  });

  test("differs when one payload differs, although everything else happens as before", () => {
    const first = play("hello");
    const second = play("jello");
    const withoutPayload = ({ time, kind, from, to }: TraceEvent) => [time, kind, from, to];
    expect(second.events.map(withoutPayload)).toEqual(first.events.map(withoutPayload));
    expect(second.digest).not.toBe(first.digest);
  });

  test("does not depend on whether somebody listens", () => {
    const quiet = new Toys(["a", "b"]);
    const heard = new Toys(["a", "b"]);
    heard.world.trace.listener = () => {};
    for (const toys of [quiet, heard]) {
      toys.callMany(5, "a", "b");
      toys.settle();
    }
    expect(quiet.world.trace.digest.hex()).toBe(heard.world.trace.digest.hex());
    expect(quiet.world.trace.count).toBe(heard.world.trace.count);
  });

  const changes: readonly [what: string, change: (toys: Toys) => void][] = [
    ["a cut that stops nothing", ({ network }) => network.cut("a", "a")],
    ["a crash and a restart", ({ world }) => [world.crash("a"), world.start("a")]],
    ["a pause of no length", ({ world }) => [world.pause("a"), world.resume("a")]],
    ["conditions", (toys) => toys.setConditions({ loss: 1 })],
    ["one call more", (toys) => toys.call("a", "b", "w")],
  ];
  test.each(changes)("tells %s", (_, change) => {
    expect(play("w", change).digest).not.toBe(play("w").digest);
  });

  test("tells which conditions began, though no message has met them yet", () => {
    const digests = [{ loss: 1 }, { loss: 2 }, { longDelays: true }].map((conditions) => {
      const toys = new Toys(["a"]);
      toys.setConditions(conditions);
      return toys.world.trace.digest.hex();
    });
    expect(new Set(digests).size).toBe(3);
  });

  test("takes in of each event its time, kind, sender and addressee", () => {
    const base = { time: 1_000, kind: "deliver", from: "a", to: "b" } as const;
    const variants: readonly Pick<TraceEvent, "time" | "kind" | "from" | "to">[] = [
      base,
      { ...base, time: 1_001 },
      { ...base, time: 1_000 + 2 ** 32 },
      { ...base, kind: "lost" },
      { ...base, from: "c" },
      { ...base, to: "c" },
      { ...base, from: "ab", to: "" },
    ];
    const digests = variants.map(({ time, kind, from, to }) => {
      const trace = new Trace();
      trace.record(time, kind, from, to);
      return trace.digest.hex();
    });
    expect(new Set(digests).size).toBe(variants.length);
  });

  test("differs from seed to seed", () => {
    const digests = new Set(Array.from({ length: 50 }, (_, seed) => play("w", () => {}, { seed }).digest));
    expect(digests.size).toBe(50);
  });
});

describe("the trace", () => {
  test("tells each kind of event when it happens, in the order of time", () => {
    const { events } = play("w", ({ network }) => {
      network.cut("a", "b");
      network.heal("a", "b");
      network.enable("a", "b", false);
    });
    const kinds = new Set(events.map(({ kind }) => kind));
    const expected = ["request", "reply", "deliver", "lost", "blocked", "duplicated", "unanswered"];
    for (const kind of [...expected, "start", "crash", "pause", "resume", "cut", "heal"] as const)
      expect(kinds).toContain(kind);
    const times = events.map(({ time }) => time);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });
});
