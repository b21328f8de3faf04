import { describe, expect, test } from "vitest";
import { makeSchedule } from "../../lab/faults/index.ts";
import {
  type Decision,
  isSame,
  makeFailure,
  observe,
  replay,
  type Script,
  signatureText,
} from "../../lab/replay/index.ts";
import { defaultOptions } from "../../lab/run/index.ts";
import { perfectConditions } from "../../lab/sim/index.ts";

const put = (client: string, nth: number, at: number, value: string): Decision => ({
  ...{ kind: "command", client, nth, at, roam: false },
  operation: { kind: "put", key: "k1", value },
});

const unreliable: Decision = { kind: "conditions", conditions: { ...perfectConditions, reliable: false } };

const lostAnswer: Decision = {
  ...{ kind: "message", from: "n1", to: "c1", nth: 9, at: 600_000, what: "result" },
  ...{ lost: true, delay: 500, copyDelay: null },
};

const script = (...decisions: readonly Decision[]): Script => ({
  seed: 1,
  options: { ...defaultOptions, servers: 3, clients: 2, keys: 1, duration: 1_000_000 },
  rest: "nothing",
  schedule: makeSchedule([]),
  decisions,
});

/** What the clients asked for, when, and what came of it. */
const operations = (told: Script) =>
  observe(told)!.run!.report.operations.map(({ client, words, call }) => `${client} ${words} ${call}`);

describe("a script", () => {
  test("has its commands in it, at their times, and no others", () => {
    const told = script(put("c1", 1, 600_000, "a"), put("c2", 1, 700_000, "b"), put("c1", 2, 700_000, "c"));
    expect(operations(told).sort()).toEqual([
      'c1 put k1 "a" 600000',
      'c1 put k1 "c" 700000',
      'c2 put k1 "b" 700000',
    ]);
  });

  test("lets a client begin late that has not been answered yet", () => {
    // Nobody leads before the first election timeout has passed.
    const [first, second] = operations(script(put("c1", 1, 0, "a"), put("c1", 2, 1000, "b")));
    expect(first).toBe('c1 put k1 "a" 0');
    expect(Number(second!.split(" ").at(-1))).toBeGreaterThan(250_000);
  });

  test("loses the first message of that kind since that instant, where the network may lose any", () => {
    const losses = (...told: readonly Decision[]) => {
      const { report } = observe(script(...told, put("c1", 1, 500_000, "a"), put("c1", 2, 600_000, "b")))!
        .run!;
      return report.operations.map((operation) => operation.return! - operation.call > 5000);
    };
    expect(losses()).toEqual([false, false]);
    expect(losses(unreliable)).toEqual([false, false]);
    expect(losses(unreliable, lostAnswer)).toEqual([false, true]);
    // The liveness oracles take a network at its word.
    expect(losses(lostAnswer)).toEqual([false, false]);
  });

  test("is another one for another seed only where messages take the time that the seed draws", () => {
    const told = script(put("c1", 1, 600_000, "a"));
    const digest = (each: Script) => observe(each)!.run!.report.digest;
    expect(digest({ ...told, seed: 2 })).toBe(digest(told));
    expect(digest({ ...told, rest: "jitter", seed: 2 })).not.toBe(digest({ ...told, rest: "jitter" }));
  });

  test("is given up when it has more events than are of use", () => {
    const told = script(put("c1", 1, 600_000, "a"));
    const { events } = observe(told)!.run!.report.counts;
    expect(observe(told, events)).not.toBeNull();
    expect(observe(told, events / 2)).toBeNull();
  });

  test("says which decision nobody asked for", () => {
    const told = script(unreliable, put("c1", 1, 500_000, "a"), {
      ...lostAnswer,
      what: "expired",
    } as Decision);
    const finding = { outcome: "illegal", oracle: "history", class: null } as const;
    const failure = makeFailure(told, { ...finding, sentence: "", digest: "0".repeat(16), events: 0 });
    expect(replay(failure).divergence!.sentence).toBe(
      "2 of 3 decisions, then the run ended where, at 0.600 s, message 9 from n1 to c1 asked for its fate",
    );
  });
});

describe("two violations", () => {
  test("are the same if the oracle and the class are", () => {
    const stale = { oracle: "history", class: "stale-read" };
    expect(isSame(stale, { ...stale })).toBe(true);
    expect(isSame(stale, { ...stale, class: "lost-write" })).toBe(false);
    expect(isSame(stale, { ...stale, oracle: "log matching" })).toBe(false);
    expect(isSame(stale, null)).toBe(false);
    expect(signatureText(stale)).toBe("history (stale-read)");
    expect(signatureText({ oracle: "log matching", class: null })).toBe("log matching");
  });
});
