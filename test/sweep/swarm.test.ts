import { describe, expect, test } from "vitest";
import { parseRunFlags } from "../../lab/cli/flags.ts";
import { defaultOptions, type RunOptions, replayCommand, run } from "../../lab/run/index.ts";
import { swarmOptions, sweepOptions } from "../../lab/sweep/index.ts";
import { InputError } from "../../src/base/index.ts";

const SEEDS = Array.from({ length: 400 }, (_, seed) => seed);

/** As a shell would split a command without quotes. */
const wordsOf = (command: string) => command.replace("npx linlab run ", "").split(" ");

describe("the swarm", () => {
  test("draws the same options for the same seed", () => {
    for (const seed of SEEDS) expect(swarmOptions(seed)).toEqual(swarmOptions(seed));
  });

  test.each<[keyof RunOptions, readonly unknown[]]>([
    ["servers", [1, 2, 3, 4, 5, 7]],
    ["clients", [2, 3, 5, 8]],
    ["keys", [1, 2, 3, 5, 10]],
    ["workload", ["mixed", "appends"]],
    ["duration", [3_000_000, 6_000_000, 10_000_000]],
    ["unreliable", [true, false]],
    ["partitions", [true, false]],
    ["crashes", [true, false]],
    ["pauses", [true, false]],
    ["reorder", [true, false]],
    ["membership", [true, false]],
    ["reads", ["log", "index", "lease"]],
    ["disks", ["sound", "faulty"]],
    ["clocks", ["perfect", "drift", "wild"]],
    ["preVote", [true, false]],
    ["checkQuorum", [true, false]],
    ["encode", [true, false]],
    ["refinement", [true, false]],
    ["mutant", [null]],
    ["checkBudget", [defaultOptions.checkBudget]],
  ])("draws all of %s: %j", (name, values) => {
    const drawn = new Set(SEEDS.map((seed) => swarmOptions(seed)[name]));
    expect(drawn).toEqual(new Set(values));
  });

  test("draws fault classes by themselves: each is on without each of the others", () => {
    const classes = ["unreliable", "partitions", "crashes", "pauses", "reorder"] as const;
    const drawn = SEEDS.map(swarmOptions);
    for (const on of classes) {
      for (const off of classes.filter((name) => name !== on)) {
        const share = drawn.filter((options) => options[on] && !options[off]).length / SEEDS.length;
        // 0.7 * 0.3; the bounds are four standard deviations away.
        expect(share, `${on} without ${off}`).toBeGreaterThan(0.13);
        expect(share, `${on} without ${off}`).toBeLessThan(0.29);
      }
    }
  });

  test("what a seed drew can be given to linlab run, which then runs the same", () => {
    for (const seed of SEEDS) {
      const flags = parseRunFlags(wordsOf(replayCommand(seed, swarmOptions(seed), null)));
      expect(flags.options).toEqual(swarmOptions(seed));
      expect(flags.seeds).toEqual([seed, seed]);
    }
    const { report } = run(17, swarmOptions(17));
    const again = parseRunFlags(wordsOf(report.replay));
    expect(run(again.seeds[0], again.options).report).toEqual(report);
  });
});

describe("changes of the membership", () => {
  const drawn = SEEDS.map(swarmOptions);

  test("are drawn where neither a nemesis plays nor the specification judges", () => {
    const changing = drawn.filter(({ membership }) => membership);
    expect(changing.filter(({ nemesis, refinement }) => nemesis !== null || refinement)).toEqual([]);
    // 0.75 * 0.25; the bounds are four standard deviations away.
    expect(changing.length / SEEDS.length).toBeGreaterThan(0.11);
    expect(changing.length / SEEDS.length).toBeLessThan(0.27);
  });

  test.each<[Partial<RunOptions>, Partial<RunOptions>]>([
    [{ membership: true }, { membership: true, nemesis: null, refinement: false }],
    [{ nemesis: "figure8" }, { membership: false, nemesis: "figure8" }],
    [{ refinement: true }, { membership: false, refinement: true }],
  ])("give way to what is given, or it to them: %j", (given, expected) => {
    for (const seed of SEEDS) expect(sweepOptions(seed, given)).toMatchObject(expected);
  });

  test.each([
    ["--membership --nemesis figure8", "does not go with --nemesis figure8"],
    ["--membership --refinement", "--refinement knows no other members than the first"],
  ])("%s: is refused", (flags, why) => {
    expect(() => parseRunFlags(flags.split(" "))).toThrow(InputError);
    expect(() => parseRunFlags(flags.split(" "))).toThrow(why);
  });

  test("come with a deliberate bug that shows only there, unless they are switched off", () => {
    const options = (flags: string) => parseRunFlags(flags.split(" ")).options;
    expect(options("--mutant jointForGood").membership).toBe(true);
    expect(options("--mutant jointForGood --no-membership").membership).toBe(false);
    expect(options("--mutant noSessions").membership).toBe(false);
  });
});
