/**
 * Directed scripts on the whole system, servers and clerks. Each leads straight to where one bug shows: the mutant dies
 * every time, whatever the seed makes of timeouts and delays, and the system as it is meant to be never does.
 */

import { describe, expect, test } from "vitest";
import { intendedSystem, type System } from "../../lab/cluster/index.ts";
import { carriesEntries, meant, type Script } from "../../lab/faults/nemeses/index.ts";
import { findMutant } from "../../lab/run/mutants/index.ts";
import { type DirectedStage, type Direction, direct } from "../../lab/suites/index.ts";
import { append, get, put } from "../../lab/suites/kv/call.ts";
import { CommitOldTerms } from "./mutants.ts";

const SEEDS = Array.from({ length: 20 }, (_, i) => i + 1);

/** Figure 8 of the paper, (a) to (d). */
function* figure8(s: DirectedStage): Script {
  // (a) n1 leads and has an entry that only n2 gets. It crashes.
  yield* s.elect("n1");
  yield* s.ask("c1", put("x", "1"));
  yield* s.settled();
  const old = s.raft("n1")!.log.lastIndex + 1;
  const unheard = s.lose(meant("appendEntries", { from: "n1", to: ["n3", "n4", "n5"] }, carriesEntries));
  yield* s.begin("c1", put("x", "2"));
  yield* s.until("n2 has the entry", () => s.disk("n2").log.lastIndex === old);
  const { currentTerm: term } = s.raft("n1")!;
  const n1 = yield* s.crash("n1");
  unheard.end();

  // (b) n5 leads without n2, writes an entry of its own at the same index, and crashes.
  const apart = yield* s.cut(["n1", "n2"], ["n3", "n4", "n5"]);
  const silent = s.lose(meant("appendEntries", { from: "n5" }, carriesEntries));
  yield* s.elect("n5");
  yield* s.until("n5 has its own entry", () => s.disk("n5").log.lastIndex === old);
  const n5 = yield* s.crash("n5");
  silent.end();

  // (c) n1 leads again and brings the old entry to a majority; its new ones reach nobody.
  const news = s.lose(meant("appendEntries", {}, (p) => p.entries.some((entry) => entry.term === p.term)));
  yield* s.heal(n1, apart);
  yield* s.elect("n1");
  yield* s.until("a majority has the old entry", () => s.holders(old, term).length >= 3);
  yield* s.within(50_000, () => s.raft("n1")!.commitIndex >= old);

  // (d) n1 crashes, and n5 is elected: its entry is of a later term than that of the majority.
  yield* s.crash("n1");
  yield* s.cut(["n1", "n2"], ["n3", "n4", "n5"]);
  yield* s.heal(n5);
  yield* s.elect("n5");
  news.end();
}

/** A leader that is cut off with a reader is asked for what others have changed since. */
function* deposedReader(s: DirectedStage): Script {
  yield* s.elect("n1");
  yield* s.ask("c1", put("x", "1"));
  // It remembers who answered.
  yield* s.ask("c2", get("x"));
  yield* s.cut(["n1", "c2"], ["n2", "n3", "c1"]);
  yield* s.elect("n2");
  yield* s.ask("c1", put("x", "2"));
  const read = yield* s.begin("c2", get("x"));
  yield* s.within(200_000, () => read.done);
}

/** A copy of a request arrives when its client has gone on. */
function* staleDuplicate(s: DirectedStage): Script {
  yield* s.elect("n1");
  const copy = s.copy(
    meant("clerkRequest", {}, ({ operation }) => operation.kind === "append"),
    1,
  );
  yield* s.ask("c1", append("x", "a"));
  yield* s.ask("c1", append("x", "b"));
  yield* s.release(copy);
  yield* s.settled();
  yield* s.ask("c1", get("x"));
}

/** An AppendEntries arrives after later ones, whose entries its follower has acknowledged. */
function* lateAppend(s: DirectedStage): Script {
  yield* s.elect("n1");
  yield* s.ask("c1", put("x", "1"));
  yield* s.settled();
  const late = s.hold(meant("appendEntries", { from: "n1", to: "n2" }, carriesEntries), 1);
  yield* s.ask("c1", put("x", "2"));
  expect(late.count).toBe(1);
  // Without n3, what is answered from now on is on n2's disk.
  const away = yield* s.cut(["n3"], ["n1", "n2"]);
  yield* s.ask("c2", put("y", "1"));
  // The last that n2 hears of n1.
  s.lose(meant("appendEntries", { from: "n1", to: "n2" }));
  yield* s.release(late);
  yield* s.pause(5_000);
  yield* s.crash("n1");
  yield* s.heal(away);
  yield* s.elect("n2");
}

const system = (mutant: string): System => findMutant(mutant)!.system;

const SCRIPTS: readonly [name: string, direction: Direction, mutant: System, oracle: string][] = [
  [
    "Figure 8: old entries count as committed",
    { servers: 5, clerks: 1, settings: { limits: { maxBatch: 1, window: 8, chunk: 4096 } }, script: figure8 },
    { ...intendedSystem, Raft: CommitOldTerms },
    "leader completeness",
  ],
  [
    "a deposed leader answers a reader",
    {
      servers: 3,
      clerks: 2,
      settings: { reads: "index", features: { preVote: true, checkQuorum: false } },
      script: deposedReader,
    },
    system("readWithoutQuorum"),
    "history",
  ],
  [
    "a stale duplicate is applied",
    { servers: 3, clerks: 1, script: staleDuplicate },
    system("noSessions"),
    "history",
  ],
  [
    "a late AppendEntries cuts off what was acknowledged",
    { servers: 3, clerks: 2, script: lateAppend },
    system("truncateAlways"),
    "leader completeness",
  ],
];

describe.each(SCRIPTS)("%s", (_, direction, mutant, oracle) => {
  test("the system as it is meant to be survives, and the script comes to its end", () => {
    for (const seed of SEEDS) {
      const { missed, violation, checked } = direct(direction, seed);
      expect({ seed, missed, violation, verdict: checked.verdict }).toEqual({
        ...{ seed, missed: null, violation: null, verdict: "ok" },
      });
    }
  });

  test("the mutant dies every time", () => {
    for (const seed of SEEDS) {
      const { violation, checked } = direct({ ...direction, system: mutant }, seed);
      const noticed = violation?.name ?? (checked.verdict === "illegal" ? "history" : "nobody");
      expect({ seed, noticed }).toEqual({ seed, noticed: oracle });
    }
  });
});

describe("a directed script", () => {
  const { script, ...rest } = SCRIPTS[0]![1];

  test("is the same run for the same seed", () => {
    const [first, again] = [direct({ script, ...rest }, 3), direct({ script, ...rest }, 3)];
    expect(again.digest).toBe(first.digest);
    expect(again.schedule).toEqual(first.schedule);
    expect(direct({ script, ...rest }, 4).digest).not.toBe(first.digest);
  });

  test("says what it waited for in vain", () => {
    function* impossible(s: DirectedStage): Script {
      yield* s.crash("n1", "n2", "n3");
      yield* s.until("somebody leads", () => s.leader() !== null, 100_000);
    }
    const { missed, violation } = direct({ ...rest, script: impossible }, 1);
    expect(missed).toBe("somebody leads: not within 100 ms");
    expect(violation).toBeNull();
  });
});
