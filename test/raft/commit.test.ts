/** When a leader commits: sections 5.3 and 5.4.2, and Figure 8. */

import { describe, expect, test } from "vitest";
import { majorityIndex } from "../../src/raft/quorum.ts";
import { Bench, entries, entriesOf, figure2, matching } from "./bench.ts";
import { Group } from "./group.ts";

const members = ["n1", "n2", "n3", "n4", "n5"];

/** A leader of five in term 2 with these terms in its log before, and one entry "x" of its own. */
function leader(...log: readonly number[]): Bench {
  const bench = new Bench({ members, term: 1, log }).elect();
  bench.propose("x");
  return bench;
}

/** The peer says that it has everything up to this index. */
function acknowledge(bench: Bench, peer: string, matchIndex: number): void {
  bench.answer(bench.latestTo(peer), matching(bench.raft.currentTerm, matchIndex));
}

describe("an entry is committed when more than half of the servers have it (section 5.3)", () => {
  test.each([
    // what each server has of the log 1 ... 9, the leader included, and how far a majority has it
    [[7], 7],
    [[7, 5], 5],
    [[7, 5, 3], 5],
    [[9, 0, 0], 0],
    [[9, 9, 0], 9],
    [[8, 6, 4, 2], 4],
    [[9, 7, 5, 3, 1], 5],
    [[3, 9, 1, 5, 7], 5],
    [[9, 9, 0, 0, 0], 0],
    [[10, 9, 100, 8, 2], 9],
  ])("of servers that have %j a majority has %i", (indexes, index) => {
    expect(majorityIndex(indexes)).toBe(index);
  });

  test("not before: two of five are no majority", () => {
    const bench = leader();
    acknowledge(bench, "n2", 1);
    expect(bench.applied).toEqual([]);
    acknowledge(bench, "n3", 1);
    expect(bench.applied).toEqual(["x"]);
  });

  test("whoever acknowledges first, and a follower that acknowledges twice counts once", () => {
    const bench = leader();
    acknowledge(bench, "n5", 1);
    acknowledge(bench, "n5", 1);
    expect(bench.applied).toEqual([]);
    acknowledge(bench, "n4", 1);
    expect(bench.applied).toEqual(["x"]);
  });

  test("with all entries before it, in order", () => {
    const bench = leader(1, 1);
    acknowledge(bench, "n2", 3);
    acknowledge(bench, "n3", 3);
    expect(bench.applied).toEqual(["1@1", "1@2", "x"]);
  });
});

describe("a leader commits by counting only entries of its own term (section 5.4.2)", () => {
  test("so an entry of an earlier term stays uncommitted on all five servers", () => {
    const bench = leader(1, 1);
    for (const peer of members.slice(1)) acknowledge(bench, peer, 2);
    expect(bench.raft.commitIndex).toBe(0);
  });

  test("until one of the own term is on a majority, which commits it too", () => {
    const bench = leader(1, 1);
    for (const peer of members.slice(1)) acknowledge(bench, peer, 2);
    acknowledge(bench, "n4", 3);
    expect(bench.raft.commitIndex).toBe(0);
    acknowledge(bench, "n2", 3);
    expect(bench.raft.commitIndex).toBe(3);
  });

  test("and a bare Raft that gets no proposal commits nothing: the no-op is the server's business", () => {
    const group = new Group([entries(1), entries(1), entries(1)], 1);
    group.expire("n1");
    group.settle();
    for (let beat = 0; beat < 3; beat++) {
      group.expire("n1");
      group.settle();
    }
    expect(group.raft("n1")).toMatchObject({ role: "leader", commitIndex: 0 });
  });
});

describe("Figure 8", () => {
  const only =
    (...ids: readonly string[]) =>
    ({ from, message }: { from: string; message: { to: string } }): boolean =>
      !(ids.includes(from) && ids.includes(message.to));

  /**
   * (a) S1 leads term 2 and replicates index 2 to S2 only. (b) S5 leads term 3 with the votes of S3 and S4, and accepts
   * another entry at index 2. (c) S1 is back, leads term 4 and replicates its entry of term 2 to a majority.
   */
  function untilC(): Group {
    const group = new Group([entries(1), entries(1), entries(1), entries(1), entries(1)], 1, {
      limits: { ...figure2.limits, maxBatch: 1 },
    });
    group.expire("n1");
    group.settle();
    expect(group.raft("n1")).toMatchObject({ role: "leader", currentTerm: 2 });
    group.propose("n1", "2@2");
    group.settle(only("n1", "n2"));
    group.crash("n1");
    group.expire("n5");
    group.settle(only("n3", "n4", "n5"));
    expect(group.raft("n5")).toMatchObject({ role: "leader", currentTerm: 3 });
    group.propose("n5", "3@2");
    group.settle(only("n5"));
    group.crash("n5");
    group.start("n1");
    // The first attempt, in term 3, finds the voters taken.
    for (let attempt = 0; attempt < 2; attempt++) {
      group.expire("n1");
      group.settle(only("n1", "n2", "n3", "n4"));
    }
    expect(group.raft("n1")).toMatchObject({ role: "leader", currentTerm: 4 });
    group.mail = [];
    return group;
  }

  test("(c): an entry of term 2 on a majority is not committed by the leader of term 4", () => {
    const group = untilC();
    group.propose("n1", "4@3");
    // The heartbeats until n1, n2 and n3 have index 2, and only n1 has index 3.
    group.expire("n1");
    group.settle(({ message: { to, payload } }) => {
      const own = payload.kind === "appendEntries" && payload.entries.some((entry) => entry.term === 4);
      return own || to === "n4";
    });
    for (const id of ["n1", "n2", "n3"]) expect(group.raft(id).log.termAt(2)).toBe(2);
    expect(group.raft("n3").log.lastIndex).toBe(2);
    expect(group.raft("n1")).toMatchObject({ commitIndex: 0, role: "leader" });
  });

  test("(d): because S5 may still overwrite it, on every server", () => {
    const group = untilC();
    group.expire("n1");
    group.settle(only("n1", "n2", "n3"));
    group.crash("n1");
    group.start("n5");
    for (let attempt = 0; attempt < 2; attempt++) {
      group.expire("n5");
      group.settle();
    }
    expect(group.raft("n5")).toMatchObject({ role: "leader", currentTerm: 5 });
    group.propose("n5", "5@3");
    group.settle();
    for (const id of ["n2", "n3", "n4", "n5"]) {
      expect(entriesOf(group.member(id).image.log).map((entry) => entry.command)).toEqual([
        "1@1",
        "3@2",
        "5@3",
      ]);
    }
  });

  test("(e): but not once an entry of term 4 is on a majority: then S5 cannot win", () => {
    const group = untilC();
    group.propose("n1", "4@3");
    group.expire("n1");
    group.settle(only("n1", "n2", "n3"));
    expect(group.member("n1").applied.map((entry) => entry.command)).toEqual(["1@1", "2@2", "4@3"]);
    group.crash("n1");
    group.start("n5");
    for (let attempt = 0; attempt < 4; attempt++) {
      group.expire("n5");
      group.settle();
      expect(group.raft("n5").role).toBe("candidate");
    }
  });
});
