import { describe, expect, test } from "vitest";
import { NoSessions, SnapshotWithoutSessions } from "../../lab/run/mutants/kv.ts";
import { CommitWithoutMajority, NoUpToDateCheck, TruncateAlways } from "../../lab/run/mutants/raft.ts";
import { AnyReplicaReads } from "../../lab/run/mutants/read.ts";
import { kvSuites, kvVariants } from "../../lab/suites/index.ts";
import { get, put } from "../../lab/suites/kv/call.ts";
import type { KvLab, KvScript } from "../../lab/suites/kv/lab.ts";
import { kvSuite, onWildNetwork } from "../../lab/suites/kv/suite.ts";
import { Server } from "../../src/kv/index.ts";
import type { Raft } from "../../src/raft/index.ts";
import * as mutants from "./kv-mutants.ts";
import { expectToPass } from "./verdict.ts";

const all = [...kvSuites, ...kvVariants];

describe("the KV suites of the Go labs", () => {
  for (const suite of all) test(suite.name, () => expectToPass(suite));

  test("are all 23 of them, each on a wild network too", () => {
    const parts = kvSuites.map(({ name }) => name.slice(-2));
    expect(["4A", "4B"].map((part) => parts.filter((each) => each === part).length)).toEqual([14, 9]);
    const wild = kvVariants.map(({ name }) => name).filter((name) => name.endsWith(" (wild network)"));
    expect(wild).toEqual(kvSuites.map(({ name }) => `${name} (wild network)`));
  });

  test("do the same for the same seed", () => {
    for (const { run } of all.filter((_, i) => i % 5 === 0)) expect(run(1)).toEqual(run(1));
  });
});

const MOST_SEEDS = 40;

/** A mutant, the suite that is there for it, and what that suite has to say. */
const NOTICED: readonly (readonly [mutant: typeof Server | typeof Raft, suite: string, problem: RegExp])[] = [
  [NoSessions, "Unreliable4A", /twice/],
  [NoSessions, "UnreliableOneKey4A", /key k has .* twice/],
  [AnyReplicaReads, "OnePartition4A", /get of "1" was answered by a minority/],
  [AnyReplicaReads, "PersistConcurrent4A", /lost/],
  [AnyReplicaReads, "PersistPartitionUnreliableLinearizable4A", /the history is illegal/],
  [NoUpToDateCheck, "ManyPartitionsManyClients4A", /leader completeness/],
  [TruncateAlways, "PersistPartition4A", /leader completeness|durability law|match is durable/],
  [CommitWithoutMajority, "OnePartition4A", /state machine safety|minority|committed is durable/],
  [mutants.LosesAppends, "Basic4A", /lost/],
  [mutants.ReplicatesByHeartbeat, "Speed4A", /1000 appends took .* more than 33.3/],
  [mutants.ReplicatesByHeartbeat, "SnapshotSize4B", /more than 20/],
  [mutants.AlwaysCompacts, "Basic4A", /a snapshot of .* that nobody asked for/],
  [mutants.NeverCompacts, "SnapshotRPC4B", /the log was not trimmed/],
  [mutants.NeverCompacts, "SnapshotRecoverManyClients4B", /the log was not trimmed/],
  [mutants.KeepsItsLog, "SnapshotSize4B", /the log was not trimmed/],
  [mutants.HoardsSessions, "SnapshotSize4B", /the snapshot of one key has \d+ bytes/],
  [SnapshotWithoutSessions, "SnapshotUnreliableRecover4B (wild network)", /its session has ended|lost/],
  [mutants.AnswersByIndex, "OnePartition4A", /read "16" at 1, expected "15"/],
  [mutants.AnswersByIndex, "ManyPartitionsManyClients4A (clerks partitioned)", /lost/],
  [mutants.ForgetsWhoWaits, "ManyPartitionsManyClients4A (clerks partitioned)", /no answer to/],
];

describe("a deliberate bug is noticed", () => {
  const rows = NOTICED.map(([mutant, suite, problem]) => [mutant.name, suite, mutant, problem] as const);
  test.each(rows)("%s, by %s", (_, name, mutant, problem) => {
    const suite = all.find((each) => each.name === name)!;
    const system = isServer(mutant) ? { Server: mutant } : { Raft: mutant };
    let problems: readonly string[] = [];
    for (let seed = 1; seed <= MOST_SEEDS && problems.length === 0; seed++) {
      ({ problems } = suite.run(seed, system));
    }
    expect(problems.join()).toMatch(problem);
  });
});

function isServer(mutant: typeof Server | typeof Raft): mutant is typeof Server {
  return mutant.prototype instanceof Server;
}

describe("what suites are made of", () => {
  const setup = { servers: 3, clerks: 2 };
  const problems = (script: (lab: KvLab) => void) => kvSuite("probe", setup, script).run(1).problems;

  test("a wild network loses without a word, repeats and reorders, and gets are read both ways", () => {
    const seen = { lost: 0, duplicated: 0, reordered: 0 };
    const probe = onWildNetwork(
      kvSuite("probe", setup, (lab) => {
        const alice = lab.clerk();
        for (let i = 0; i < 300; i++) alice.put("x", String(i));
        const { lost, duplicated, reordered } = lab.world.network.counters;
        seen.lost += lost;
        seen.duplicated += duplicated;
        seen.reordered += reordered;
        expect(lab.world.network.conditions.detectsLoss).toBe(false);
      }),
    );
    for (let seed = 1; seed <= 5; seed++) expect(probe.run(seed).problems).toEqual([]);
    expect(Math.min(seen.lost, seen.duplicated, seen.reordered)).toBeGreaterThan(20);
  });

  test("a history that is fine does not make the report of a failed test look fine", () => {
    const probe = kvSuite("Probe", setup, (lab) => {
      const [n1, n2, n3] = lab.serverIds as [string, string, string];
      lab.clerk().put("x", "1");
      lab.partition([n1], [n2, n3]);
      lab.sleep(1_000_000);
      lab.connectAll();
      lab.clerk().check("x", "2");
    });
    const { history, report } = probe.inspect(1, null);
    expect(history).toHaveLength(4);
    const { outcome, verdict, sentence, replay, bands, digest } = report;
    expect([outcome, verdict]).toEqual(["invariant", "ok"]);
    expect(sentence).toMatch(/^What Probe demands broke at .* s: c2 read "1" at x, expected "2"\.$/);
    expect(replay).toBe("npx linlab suite Probe --seed 1");
    expect(bands).toMatchObject([{ kind: "partition", label: "n1 | n2 n3", nodes: ["n1", "n2", "n3"] }]);
    expect(bands[0]!.until - bands[0]!.at).toBe(1_000_000);
    expect(report.faults).toEqual({ partition: 1 });
    expect(report.options).toMatchObject({ partitions: true, crashes: false, servers: 3, clients: 2 });
    expect(digest).toBe(probe.run(1).digest);
  });

  test("a history that is not says so first, and names the mutant", () => {
    const suite = all.find(({ name }) => name === "UnreliableOneKey4A")!;
    const { report } = suite.inspect(1, "noSessions");
    expect(Object.keys(report.faults).sort()).toEqual(["delay", "loss"]);
    expect(report).toMatchObject({ outcome: "illegal", options: { mutant: "noSessions", unreliable: true } });
  });

  test("who is cut off is not answered, and the script says who and what", () => {
    const told = problems((lab) => {
      lab.partition(lab.serverIds);
      lab.clerk([]).get("x");
    });
    expect(told).toEqual(['c1\'s get of "x" was not answered within 10 s']);
  });

  test("a clerk that is on no side of a partition reaches both", () => {
    const told = problems((lab) => {
      const [n1, n2, n3] = lab.serverIds as [string, string, string];
      const [alice, bob] = [lab.clerk(), lab.clerk([n1])];
      lab.partition([n1, bob.id], [n2, n3]);
      alice.put("x", "1");
      const stuck = bob.begin(get("x"));
      lab.sleep(1_000_000);
      expect(stuck.done).toBe(false);
      lab.connectAll();
      expect(lab.answered(stuck).value).toBe("1");
    });
    expect(told).toEqual([]);
  });

  test("scripts that run beside others interleave as their calls are answered", () => {
    const steps: string[] = [];
    const told = problems((lab) => {
      function* play(name: string): KvScript {
        const clerk = lab.clerk();
        for (let i = 0; i < 2; i++) {
          yield clerk.begin(put(name, String(i)));
          const { value } = yield* clerk.begin(get(name));
          steps.push(`${name}${value}`);
        }
      }
      lab.join([lab.spawn(play("a")), lab.spawn(play("b"))]);
    });
    expect(told).toEqual([]);
    expect(steps.sort()).toEqual(["a0", "a1", "b0", "b1"]);
  });

  test("scripts that run beside others may not block", () => {
    const told = problems((lab) => {
      const alice = lab.clerk();
      // biome-ignore lint/correctness/useYield: it blocks where it should yield
      const task = (function* (): KvScript {
        alice.get("x");
      })();
      lab.join([lab.spawn(task)]);
    });
    expect(told.join()).toContain("does not block");
  });
});
