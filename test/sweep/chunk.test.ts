import { describe, expect, test } from "vitest";
import { defaultOptions, type RunOptions, run } from "../../lab/run/index.ts";
import type { TraceEvent } from "../../lab/sim/index.ts";
import { type Chunk, swarmOptions, sweepChunk } from "../../lab/sweep/index.ts";

const chunk = (...seeds: number[]): Chunk => ({
  seeds,
  given: { duration: 500_000 },
  recheck: 0,
  untilFailure: false,
});

/** `run`, but with these options from the call of this number on. */
const changingAt = (
  number: number,
  changed: Partial<RunOptions>,
  until = Number.POSITIVE_INFINITY,
): typeof run => {
  let calls = 0;
  return (seed, options, extras) => {
    calls++;
    return run(seed, calls >= number && calls < until ? { ...options, ...changed } : options, extras);
  };
};

describe("a chunk of a sweep", () => {
  test("runs each seed with what it drew, and what was given instead", () => {
    const results = sweepChunk({ ...chunk(3, 4), given: { servers: 5, duration: 700_000 } });
    expect(results.map(({ seed }) => seed)).toEqual([3, 4]);
    for (const { seed, digest, replay } of results) {
      const { report } = run(seed, { ...swarmOptions(seed), servers: 5, duration: 700_000 });
      expect(digest).toBe(report.digest);
      expect(replay).toBe(report.replay);
    }
  });

  test("leaves out what comes after a violation, if it is asked to", () => {
    const mutated = { ...chunk(1, 2, 3, 4, 5, 6, 7, 8), given: { ...defaultOptions, mutant: "noSessions" } };
    const all = sweepChunk(mutated);
    const first = all.findIndex(({ outcome }) => outcome !== "ok");
    expect(first).toBeGreaterThanOrEqual(0);
    expect(first).toBeLessThan(7);
    expect(all).toHaveLength(8);
    expect(sweepChunk({ ...mutated, untilFailure: true })).toEqual(all.slice(0, first + 1));
  });

  test("goes on after a run that threw", () => {
    const results = sweepChunk(chunk(1, 2, 3), (seed, options) => {
      if (seed === 2) throw new TypeError("undefined is not a log");
      return run(seed, options);
    });
    expect(results.map(({ outcome }) => outcome)).toEqual(["ok", "crash", "ok"]);
    expect(results[1]!.failure).toMatchObject({ oracle: "crash" });
    expect(results[1]!.failure!.message).toContain("It threw TypeError: undefined is not a log at ");
    expect(results[1]!.replay).toMatch(/^npx linlab run --seed 2 /);
  });
});

describe("the recheck", () => {
  test("runs one seed in so many twice, whatever chunk it is in", () => {
    const ran: number[] = [];
    const results = sweepChunk({ ...chunk(4, 5, 6, 9, 10), recheck: 5 }, (seed, options) => {
      ran.push(seed);
      return run(seed, options);
    });
    expect(ran).toEqual([4, 5, 5, 6, 9, 10, 10]);
    expect(results.filter(({ rechecked }) => rechecked).map(({ seed }) => seed)).toEqual([5, 10]);
    const once = sweepChunk(chunk(4, 5, 6, 9, 10));
    expect(results.map((result) => ({ ...result, rechecked: false }))).toEqual(once);
  });

  test("names the first event in which two runs differ", () => {
    // From the second run on, as state that outlives a run would do it, another client is there.
    let calls = 0;
    const leaking: typeof run = (seed, options, extras) =>
      run(seed, calls++ % 2 === 0 ? options : { ...options, clients: options.clients + 1 }, extras);
    const [result] = sweepChunk({ ...chunk(5), recheck: 5 }, leaking);
    expect(result).toMatchObject({
      outcome: "diverged",
      failure: { oracle: "determinism" },
      rechecked: true,
    });

    const events = (clients: number) => {
      const heard: TraceEvent[] = [];
      const options = { ...swarmOptions(5), duration: 500_000 };
      run(5, { ...options, clients: options.clients + clients }, { listener: (event) => heard.push(event) });
      return heard.map((event) => JSON.stringify(event));
    };
    const [first, second] = [events(0), events(1)];
    const at = first.findIndex((event, i) => event !== second[i]);
    expect(result!.failure!.message).toContain(`: event ${at + 1} was ${timeOf(first[at]!)} s`);
    expect(result!.failure!.message).toContain(`, and then ${timeOf(second[at]!)} s`);
    expect(result!.replay).toBe(
      "npx linlab sweep --seeds 5..5 --recheck 1 --out linlab-out/seed-5-twice --duration 500ms",
    );
  });

  test("says so if the difference does not come again", () => {
    const [result] = sweepChunk({ ...chunk(5), recheck: 5 }, changingAt(2, { keys: 77 }, 3));
    expect(result!.outcome).toBe("diverged");
    expect(result!.failure!.message).toMatch(
      /^Two runs with digests .*; two more, with all events kept, were the same\.$/,
    );
  });

  test("sees two judgements of the same events", () => {
    let calls = 0;
    const moody: typeof run = (seed, options, extras) => {
      const result = run(seed, options, extras);
      return calls++ === 0 ? result : { ...result, report: { ...result.report, verdict: "unknown" } };
    };
    const [result] = sweepChunk({ ...chunk(5), recheck: 5 }, moody);
    expect(result!.outcome).toBe("diverged");
    expect(result!.failure!.message).toBe("The same events and two reports: they differ in verdict.");
  });
});

function timeOf(event: string): string {
  return ((JSON.parse(event) as TraceEvent).time / 1e6).toFixed(6);
}
