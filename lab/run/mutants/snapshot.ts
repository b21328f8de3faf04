/** Deliberate bugs in log compaction: what a snapshot holds, when it may be installed and what it replaces. */

import {
  type InstallSnapshot,
  Raft,
  type RaftEffect,
  type RaftInput,
  type Snapshot,
} from "../../../src/raft/index.ts";
import type { Entry } from "./mutant.ts";

/** Goes back to every snapshot that comes, however old. */
class StaleSnapshot extends Raft {
  protected override isStale(): boolean {
    return false;
  }

  protected override adoptSnapshot(snapshot: Snapshot): void {
    if (snapshot.index > this.log.snapshotIndex) super.adoptSnapshot(snapshot);
  }
}

/** Says that a snapshot is installed when its first chunk has come. */
class SnapshotAckedEarly extends Raft {
  protected override handleInstallSnapshot(request: InstallSnapshot) {
    return { ...super.handleInstallSnapshot(request), installed: request.term === this.currentTerm };
  }
}

/** Takes a snapshot into its log and not into its state machine. */
class SnapshotNotRestored extends Raft {
  override step(now: number, input: RaftInput): readonly RaftEffect[] {
    return super.step(now, input).filter((effect) => effect.kind !== "restore");
  }
}

/** Drops what follows a snapshot in its log, acknowledged or not. */
class SnapshotCutsTail extends Raft {
  protected override adoptSnapshot(snapshot: Snapshot): void {
    if (this.role === "follower") this.truncateFrom(snapshot.index + 1);
    super.adoptSnapshot(snapshot);
  }
}

/** Writes its own term into a snapshot instead of that of the last entry in it. */
class SnapshotOfWrongTerm extends Raft {
  protected override adoptSnapshot(snapshot: Snapshot): void {
    super.adoptSnapshot(snapshot);
    this.log.snapshotTerm = this.currentTerm;
    this.snapshot = { ...snapshot, term: this.currentTerm };
  }
}

export const snapshotMutants: readonly Entry[] = [
  {
    name: "staleSnapshot",
    breaks: "Figure 13: an old snapshot is installed",
    source: "Students' Guide to Raft",
    oracle: "monotonic commitIndex",
    part: { Raft: StaleSnapshot },
  },
  {
    name: "snapshotAckedEarly",
    breaks: "Figure 13: acknowledged at its first chunk",
    source: "d-engine #360, tikv #10476",
    oracle: "durability law",
    also: ["match is durable"],
    part: { Raft: SnapshotAckedEarly },
  },
  {
    name: "snapshotNotRestored",
    breaks: "Figure 13, rule 8: the state is not replaced",
    source: "paper, Figure 13, rule 8",
    oracle: "state agreement",
    also: ["history"],
    part: { Raft: SnapshotNotRestored },
  },
  {
    name: "snapshotCutsTail",
    breaks: "Figure 13, rule 6: newer entries are dropped",
    source: "paper, Figure 13, rule 6",
    oracle: "committed is durable",
    also: ["match is durable", "durability law", "leader completeness"],
    part: { Raft: SnapshotCutsTail },
  },
  {
    name: "snapshotOfWrongTerm",
    breaks: "section 7: lastIncludedTerm is the leader's",
    source: "paper, Figure 13; nebula #2405",
    oracle: "log matching",
    part: { Raft: SnapshotOfWrongTerm },
  },
];
