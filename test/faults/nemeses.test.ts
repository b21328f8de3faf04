/** Named nemeses: each brings about its situation, leaves the intended system alive, and can be played from its record. */

import { beforeAll, describe, expect, test } from "vitest";
import { parseRunFlags } from "../../lab/cli/flags.ts";
import { parseSweepFlags } from "../../lab/cli/sweep/flags.ts";
import { readSchedule, writeSchedule } from "../../lab/faults/index.ts";
import { nemeses } from "../../lab/faults/nemeses/index.ts";
import { MARKS } from "../../lab/marks/index.ts";
import { defaultOptions, type Report, type RunOptions, replayCommand, run } from "../../lab/run/index.ts";
import { findMutant, isExpected, mutants } from "../../lab/run/mutants/index.ts";
import { swarmOptions, sweepOptions } from "../../lab/sweep/index.ts";

const SEEDS = Array.from({ length: 20 }, (_, i) => i + 1);

/** Of 20 runs; the rarest situation, a deposed leader asked for a read, came up in 66 % of 1,000 (measured). */
const LEAST_REACHED = 11;

const named = (nemesis: string): RunOptions => ({ ...defaultOptions, nemesis });

describe.each(nemeses.map((nemesis) => [nemesis.name, nemesis] as const))("%s", (name, nemesis) => {
  let reports: readonly Report[] = [];
  beforeAll(() => {
    reports = SEEDS.map((seed) => run(seed, named(name)).report);
  });

  test("brings about its situation, which the intended system survives", () => {
    expect(MARKS).toContain(nemesis.mark);
    let reached = 0;
    for (const report of reports) {
      expect(report.outcome, `${report.sentence} ${report.replay}`).toBe("ok");
      if (report.marks[nemesis.mark]! > 0) reached++;
    }
    expect(reached).toBeGreaterThanOrEqual(LEAST_REACHED);
  });

  test("brings it about with the fewest servers that it needs, too", () => {
    const options = { ...named(name), servers: nemesis.servers };
    const reached = SEEDS.filter((seed) => run(seed, options).report.marks[nemesis.mark]! > 0);
    // Seldom for splitVote, where it takes a run without PreVote: 18 of 60 runs (measured), the others in 54 at least.
    expect(reached.length).toBeGreaterThan(0);
  });

  test("strikes with the classes that it names", () => {
    const faults = reports.map((report) => report.faults);
    expect(Object.keys(faults[0]!).sort()).toEqual([...nemesis.classes].sort());
    for (const kind of nemesis.classes)
      expect(
        faults.some((counts) => counts[kind]! > 0),
        kind,
      ).toBe(true);
  });

  test("does the same for the same seed, and what it did does the same without it", () => {
    for (const seed of SEEDS.slice(0, 5)) {
      const { report, schedule } = run(seed, named(name));
      expect(run(seed, named(name)).report).toEqual(report);
      const read = readSchedule(writeSchedule(schedule), "record.json");
      const again = run(seed, named(name), { given: { file: "record.json", schedule: read } });
      expect(again.report.digest).toBe(report.digest);
      expect(again.report.bands).toEqual(report.bands);
    }
  });
});

describe("a nemesis kills the mutants that it is there for", () => {
  // How many runs, of 20, find the bug; by chance alone it takes hundreds or more.
  test("figure8: old entries count as committed", () => {
    const mutant = findMutant("commitOldTerm")!;
    const reports = SEEDS.map((seed) => run(seed, { ...named("figure8"), mutant: mutant.name }).report);
    const killed = reports.filter(({ violation }) => isExpected(mutant, violation?.name ?? "none"));
    expect(killed.length).toBeGreaterThanOrEqual(11);
  });

  test.each([
    ["splitVote", "voteNotPersisted", 15],
    ["minorityReaders", "readWithoutQuorum", 5],
    ["delayedSnapshot", "staleSnapshot", 15],
    ["reorderedAppendEntries", "truncateAlways", 15],
    ["lostReplyStorm", "noSessions", 15],
    ["forgottenRequests", "dedupGoesBack", 5],
    ["endedSession", "expiredTriedAgain", 10],
    ["lateAnswers", "staleReplyCounts", 10],
    ["deafLeader", "deposedLeaderResets", 15],
    ["unansweredLeader", "noCheckQuorum", 15],
    ["unansweredLeader", "contactBySending", 15],
  ])("%s: %s", (nemesis, mutant, least) => {
    expect(mutants.map(({ name }) => name)).toContain(mutant);
    const killed = SEEDS.filter((seed) => {
      const { outcome } = run(seed, { ...named(nemesis), mutant }).report;
      return outcome !== "ok" && outcome !== "unknown";
    });
    expect(killed.length).toBeGreaterThanOrEqual(least);
  });
});

describe("on the command line", () => {
  test("a nemesis has a name that is known, and servers enough", () => {
    expect(parseRunFlags(["--nemesis", "figure8"]).options.nemesis).toBe("figure8");
    expect(() => parseRunFlags(["--nemesis", "figure9"])).toThrow(
      `--nemesis figure9: expected one of ${nemeses.map(({ name }) => name).join(", ")}`,
    );
    expect(() => parseSweepFlags(["--nemesis", "figure9"], {})).toThrow("--nemesis figure9: expected one of");
    expect(() => parseRunFlags(["--nemesis", "figure8", "--servers", "4"])).toThrow(
      "--nemesis figure8 needs at least 5 servers, found --servers 4",
    );
  });

  test("the replay command names it", () => {
    const options = named("splitVote");
    expect(replayCommand(7, options, null)).toBe("npx linlab run --seed 7 --nemesis splitVote");
  });
});

describe("the swarm", () => {
  test("draws every nemesis, in about a quarter of the seeds, with servers enough for it", () => {
    const drawn = Array.from({ length: 2000 }, (_, seed) => swarmOptions(seed)).filter(
      (o) => o.nemesis !== null,
    );
    // Four standard deviations.
    expect(drawn.length).toBeGreaterThan(422);
    expect(drawn.length).toBeLessThan(578);
    for (const { name, servers: least } of nemeses) {
      const servers = drawn.flatMap(({ nemesis, servers }) => (nemesis === name ? [servers] : []));
      expect(servers.length, name).toBeGreaterThan(0);
      expect(Math.min(...servers)).toBeGreaterThanOrEqual(least);
    }
  });

  test("leaves nothing to chance that a nemesis needs, but for what is given", () => {
    for (let seed = 0; seed < 200; seed++) {
      const nemesis = "unansweredLeader";
      expect(sweepOptions(seed, { nemesis })).toMatchObject({ preVote: true, checkQuorum: true });
      expect(sweepOptions(seed, { nemesis, preVote: false }).preVote).toBe(false);
      expect(sweepOptions(seed, { nemesis: "minorityReaders" }).reads).toBe("index");
    }
  });

  test("gives a given nemesis its servers, and leaves a drawn one out where too few are given", () => {
    for (let seed = 0; seed < 200; seed++) {
      expect(sweepOptions(seed, { nemesis: "figure8" }).servers).toBeGreaterThanOrEqual(5);
      const few = sweepOptions(seed, { servers: 2 });
      expect(few.servers).toBe(2);
      expect(nemeses.find(({ name }) => name === few.nemesis)?.servers ?? 0).toBeLessThanOrEqual(2);
    }
  });
});
