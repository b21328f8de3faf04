/** What the specification says of disks and snapshots: who breaks a guard is told which one. */

import { describe, expect, test } from "vitest";
import { type InstallSnapshot, Raft, type RaftOptions, type Snapshot } from "../../src/raft/index.ts";
import { appendEntries, installSnapshot, matching, requestVote } from "../raft/bench.ts";
import { producing, saying, writing } from "./altered.ts";
import { type Case, sentenceOf } from "./case.ts";
import type { Stand } from "./stand.ts";

class ForgetsItsVote extends Raft {
  protected override persistentVote(): null {
    return null;
  }
}

/** Tells first and writes then. */
const tellsFirst = producing((effect) =>
  effect.kind === "persist" ? [...effect.thenSend, { ...effect, thenSend: [] }] : [effect],
);

class WakesInTheNextTerm extends Raft {
  constructor(options: RaftOptions, image: ConstructorParameters<typeof Raft>[1], now: number) {
    super(options, image, now);
    this.currentTerm++;
  }
}

class CompactsAhead extends Raft {
  protected override compact(index: number, data: Uint8Array): void {
    this.adoptSnapshot({ index: index + 1, term: this.log.termAt(index + 1), configuration: null, data });
  }
}

class InstallsOldSnapshots extends Raft {
  protected override isStale({ lastIncludedIndex }: InstallSnapshot): boolean {
    return lastIncludedIndex <= this.log.snapshotIndex;
  }
}

class InstallsTheFirstPart extends Raft {
  protected override handleInstallSnapshot(request: InstallSnapshot) {
    return super.handleInstallSnapshot({ ...request, done: true });
  }
}

class CutsTheTail extends Raft {
  protected override adoptSnapshot(snapshot: Snapshot): void {
    this.truncateFrom(snapshot.index + 1);
    super.adoptSnapshot(snapshot);
  }
}

/** n1 leads term 1, and n2 has what is committed. */
function committing(s: Stand, ...commands: readonly string[]): Stand {
  s.elect().propose(...commands);
  s.answer(s.latestTo("n2"), matching(1, s.raft.log.lastIndex));
  return s;
}

/** Its disk is lost, and n2 leads term 2 with what was committed. */
function returnEmpty(s: Stand): Stand {
  committing(s, "a", "b", "c").loseDisk();
  return s;
}

const cases: readonly Case[] = [
  {
    rule: "Persist: the vote",
    RaftClass: ForgetsItsVote,
    script: (s) => s.ask("n2", requestVote(1)),
    because: "Persist, because it writes a vote for nobody, and its vote is n2's (thesis 3.8)",
  },
  {
    rule: "Persist: the term",
    RaftClass: writing(({ currentTerm }) => ({ currentTerm: currentTerm - 1 })),
    script: (s) => s.ask("n2", appendEntries(4)),
    because: "Persist, because it writes term 3, not its own, 4 (thesis 3.8)",
  },
  {
    rule: "Persist: the log to its end",
    RaftClass: writing(({ entries }) => ({ entries: entries.slice(0, 1) })),
    script: (s) => s.ask("n2", appendEntries(1, [0, 0], [1, 1])),
    because: "Persist, because it writes its log up to entry 1, and it ends at 2 (thesis 3.8)",
  },
  {
    rule: "Persist: the log from where it has changed",
    RaftClass: writing(({ from, entries }) => ({ from: from + 1, entries: entries.slice(1) })),
    script: (s) => s.ask("n2", appendEntries(1, [0, 0], [1, 1])),
    because: "Persist, because it writes its log from entry 2 on, and entry 1 has changed (thesis 3.8)",
  },
  {
    rule: "Persist: the entries that it has",
    RaftClass: writing(({ entries }) => ({ entries: [...entries].reverse() })),
    script: (s) => s.ask("n2", appendEntries(1, [0, 0], [1, 1])),
    because: "Persist, because it writes another entry 1 than it has (thesis 3.8)",
  },
  {
    rule: "Send: not before its term is on disk",
    RaftClass: tellsFirst,
    script: (s) => s.ask("n2", requestVote(1)),
    because: "Send, because it tells of term 1, and its disk is in term 0 (thesis 3.8)",
  },
  {
    rule: "Send: not before its vote is on disk",
    RaftClass: tellsFirst,
    setup: { term: 1 },
    script: (s) => s.ask("n2", requestVote(1)),
    because: "Send, because it tells of its vote for n2, and on its disk it is nobody's (thesis 3.8)",
  },
  {
    rule: "Send: not before an acknowledged entry is on disk",
    RaftClass: tellsFirst,
    setup: { term: 1 },
    script: (s) => s.ask("n2", appendEntries(1, [0, 0], [1])),
    because: "Send, because it acknowledges entry 1, and its disk ends at 0 (thesis 3.8)",
  },
  {
    rule: "Send: not while another entry is on disk there",
    RaftClass: tellsFirst,
    setup: { term: 2, log: [1] },
    script: (s) => s.ask("n2", appendEntries(2, [0, 0], [2])),
    because: "Send, because it acknowledges entry 1, and its disk has another one there (thesis 3.8)",
  },
  {
    rule: "Restart: with what is on disk",
    RaftClass: WakesInTheNextTerm,
    setup: { log: [1, 2] },
    script: (s) => s.crash(),
    because: "Restart, because its currentTerm is 3, and not 2",
  },
  {
    rule: "Compact: what is applied",
    RaftClass: CompactsAhead,
    script: (s) => {
      committing(s, "a").propose("b");
      s.compact(1);
    },
    because: "Compact, because its snapshot's index is 2, and not 1",
  },
  {
    rule: "InstallSnapshot: with the term of its last entry",
    RaftClass: saying("installSnapshot", () => ({ lastIncludedTerm: 3 })),
    script: (s) => {
      committing(s, "a", "b").compact(2);
      s.answer(s.latestTo("n3"), {
        kind: "appendEntriesReply",
        term: 1,
        success: false,
        matchIndex: 0,
        conflict: { term: 0, index: 1 },
      });
    },
    because: "InstallSnapshot, because it says that entry 2 has term 3, and its log has 1",
  },
  {
    rule: "HandleInstallSnapshotRequest: not what is committed there already",
    RaftClass: InstallsOldSnapshots,
    script: (s) => {
      committing(s, "a", "b");
      s.ask("n2", installSnapshot(2, [1, 1], 0, "s", true));
    },
    because:
      "HandleInstallSnapshotRequest, because all of snapshot 1 is committed there already (thesis 5.3)",
  },
  {
    rule: "HandleInstallSnapshotRequest: not before all of it has come",
    RaftClass: InstallsTheFirstPart,
    script: (s) => returnEmpty(s).ask("n2", installSnapshot(2, [2, 1], 0, "s")),
    because: "HandleInstallSnapshotRequest, because snapshot 2 has not come to its end (thesis 5.3)",
  },
  {
    rule: "HandleInstallSnapshotRequest: what follows a matching entry stays",
    RaftClass: CutsTheTail,
    script: (s) => {
      returnEmpty(s).ask("n2", appendEntries(2, [0, 0], [1, 1, 1]));
      s.ask("n2", installSnapshot(2, [2, 1], 0, "s", true));
    },
    because: "HandleInstallSnapshotRequest, because its last index is 2, and not 3",
  },
  {
    rule: "HandleInstallSnapshotRequest: acknowledged when it is installed",
    RaftClass: saying("installSnapshotReply", () => ({ installed: true })),
    script: (s) => returnEmpty(s).ask("n2", installSnapshot(2, [2, 1], 0, "s")),
    because:
      "HandleInstallSnapshotRequest, because it says that it has snapshot 2, and its commitIndex is 0 (thesis 5.3)",
  },
  {
    rule: "Restore: the state machine becomes the snapshot's",
    RaftClass: producing((effect) => (effect.kind === "restore" ? [] : [effect])),
    script: (s) => returnEmpty(s).ask("n2", installSnapshot(2, [2, 1], 0, "s", true)),
    because: "HandleInstallSnapshotRequest, because its lastApplied is 2, and not 0",
  },
];

describe("a step that breaks a guard of durability or compaction is no action", () => {
  test.each(cases.map((each) => [each.rule, each] as const))("%s", (_, { because, ...broken }) => {
    expect(sentenceOf({ ...broken, RaftClass: Raft })).toBe(null);
    expect(sentenceOf(broken)).toBe(`n1's step is no action of the specification: ${because}`);
  });
});
