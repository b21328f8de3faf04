import { describe, expect, test } from "vitest";
import { intendedSystem } from "../../lab/cluster/index.ts";
import { CommitWithoutMajority, NoUpToDateCheck, TruncateAlways } from "../../lab/run/mutants/raft.ts";
import { raftSuites } from "../../lab/suites/index.ts";
import { Journal } from "../../lab/suites/raft/journal.ts";
import { RaftLab } from "../../lab/suites/raft/lab.ts";
import { problemsOf } from "../../lab/suites/suite.ts";
import { Random } from "../../src/base/index.ts";
import { defaultFeatures, type Raft } from "../../src/raft/index.ts";
import * as mutants from "./mutants.ts";
import { expectToPass } from "./verdict.ts";

describe("the Raft suites of the Go labs", () => {
  for (const suite of raftSuites) test(suite.name, () => expectToPass(suite));

  test("are all 28 of them", () => {
    const parts = raftSuites.map(({ name }) => name.slice(-2));
    expect(["3A", "3B", "3C", "3D"].map((part) => parts.filter((each) => each === part).length)).toEqual([
      3, 10, 8, 7,
    ]);
  });

  test("do the same for the same seed", () => {
    for (const { run } of raftSuites) expect(run(1)).toEqual(run(1));
  });
});

/** The paper's Raft: PreVote and CheckQuorum would make some mistakes too rare to be met. */
const bare = { preVote: false, checkQuorum: false };

const MOST_SEEDS = 100;

/** A mutant, the suite that is there for it, and what that suite has to say. */
const NOTICED: readonly (readonly [mutant: typeof Raft, suite: string, problem: RegExp])[] = [
  [mutants.VoteForLife, "ReElection3A", /no leader after 10 looks/],
  [mutants.VoteForAll, "ManyElections3A", /one vote per term|two leaders/],
  [mutants.ElectedByHalf, "ReElection3A", /elected by a majority/],
  [mutants.HeartbeatStorm, "Count3B", /first election took \d+ RPCs/],
  [mutants.SendTwice, "RPCBytes3B", /bytes for \d+ bytes of commands/],
  [mutants.CommitByHalf, "FailNoAgree3B", /committed (index 2 without a majority|is durable)/],
  [CommitWithoutMajority, "FollowerFailure3B", /committed (index 4 without a majority|is durable)/],
  [CommitWithoutMajority, "LeaderFailure3B", /without a majority|applied|committed is durable/],
  [mutants.MatchFromTheStart, "FailNoAgree3B", /match is durable/],
  [NoUpToDateCheck, "Rejoin3B", /leader completeness|applied/],
  [mutants.BackUpByOne, "Backup3B", /refusals to go back by 50 entries/],
  [mutants.BackUpByHeartbeat, "Backup3B", /refusals to go back by 50 entries/],
  [mutants.NothingPersisted, "Persist13C", /./],
  [NoUpToDateCheck, "Persist33C", /leader completeness|applied/],
  [mutants.CommitOldTerms, "Figure8Unreliable3C", /leader completeness|applied/],
  [TruncateAlways, "UnreliableAgree3C", /./],
  [TruncateAlways, "ReliableChurn3C", /./],
  [mutants.NeverCompacts, "SnapshotBasic3D", /bytes of log, 2000 are too many/],
  [mutants.SnapshotIgnored, "SnapshotInstall3D", /durability law|not committed by 3/],
  [mutants.StaleSnapshotInstalled, "SnapshotInstallUnreliable3D", /newer than|took .* back/],
];

describe("a deliberate bug is noticed", () => {
  const rows = NOTICED.map(([mutant, suite, problem]) => [mutant.name, suite, mutant, problem] as const);
  test.each(rows)("%s, by %s", (_, name, mutant, problem) => {
    const suite = raftSuites.find((each) => each.name === name)!;
    let problems: readonly string[] = [];
    for (let seed = 1; seed <= MOST_SEEDS && problems.length === 0; seed++) {
      ({ problems } = suite.run(seed, { Raft: mutant, features: bare }));
    }
    expect(problems.join()).toMatch(problem);
  });
});

describe("the journal of what servers applied", () => {
  function journalOf(...applied: readonly (readonly [id: string, index: number, command: number])[]) {
    const journal = new Journal();
    for (const command of [1, 2, 3]) journal.start(command);
    for (const id of ["n1", "n2"]) journal.restart(id, []);
    for (const [id, index, command] of applied) journal.apply(id, index, command);
    return journal;
  }

  test.each([
    ["a gap", () => journalOf(["n1", 2, 1]), "n1 applied entry 2 when it had applied 0"],
    ["a repetition", () => journalOf(["n1", 1, 1], ["n1", 1, 1]), "n1 applied entry 1 when it had applied 1"],
    ["a command from nowhere", () => journalOf(["n1", 1, 4]), "n1 applied 4 at 1, which nobody ever started"],
    [
      "a disagreement",
      () => journalOf(["n1", 1, 1], ["n2", 1, 2]),
      "at index 1, n2 applied 2 and n1 applied 1",
    ],
    [
      "a disagreement with a server that has crashed since",
      () => {
        const journal = journalOf(["n1", 1, 1]);
        journal.restart("n1", []);
        journal.apply("n2", 1, 2);
      },
      "at index 1, n2 applied 2 and n1 applied 1",
    ],
    [
      "a snapshot that differs",
      () => journalOf(["n1", 1, 1], ["n1", 2, 2]).restored("n2", [1, 3]),
      "at index 2, n2 applied 3 and n1 applied 2",
    ],
    [
      "a snapshot that goes back",
      () => journalOf(["n1", 1, 1], ["n1", 2, 2]).restored("n1", [1]),
      "a snapshot took n1 back from 2 to 1",
    ],
  ])("notices %s", (_name, script, problem) => {
    expect(problemsOf(script)).toEqual([problem]);
  });

  test("counts who has applied an index in its present life", () => {
    const journal = journalOf(["n1", 1, 1], ["n1", 2, 2], ["n2", 1, 1]);
    expect([1, 2, 3].map((index) => journal.at(index).count)).toEqual([2, 1, 0]);
    journal.restart("n1", [1]);
    expect([1, 2, 3].map((index) => journal.at(index).count)).toEqual([2, 0, 0]);
    expect(journal.at(2).command).toBe(2);
  });
});

describe("scripts that run beside others", () => {
  const lab = () =>
    new RaftLab({
      random: new Random("scripts"),
      servers: 3,
      reliable: true,
      snapshotInterval: null,
      system: { ...intendedSystem, features: defaultFeatures },
    });

  test("interleave as long as they sleep", () => {
    const tester = lab();
    const steps: string[] = [];
    function* script(name: string, pause: number) {
      for (let i = 0; i < 3; i++) {
        steps.push(`${name}${i}`);
        yield pause;
      }
    }
    tester.join([tester.spawn(script("a", 1000)), tester.spawn(script("b", 1500))]);
    expect(steps).toEqual(["a0", "b0", "a1", "b1", "a2", "b2"]);
  });

  test("may not block", () => {
    const tester = lab();
    const task = tester.spawn(
      // biome-ignore lint/correctness/useYield: it blocks where it should yield
      (function* () {
        tester.sleep(1000);
      })(),
    );
    expect(() => tester.join([task])).toThrow("does not block");
  });
});
