/** Deliberate bugs in the durability law: what must be on disk before anybody hears of it (Figure 2, first lines). */

import type { Message } from "../../../src/base/index.ts";
import { Outbox, Raft, type RaftMessage, type RaftRecord } from "../../../src/raft/index.ts";
import type { Entry } from "./mutant.ts";

/** Lets messages of one kind go before the disk has what they tell of. */
abstract class Hasty extends Outbox {
  protected abstract isHasty(payload: RaftMessage): boolean;

  override sendDurably(message: Message<RaftMessage>): void {
    if (this.isHasty(message.payload)) this.send(message);
    else super.sendDurably(message);
  }
}

class HastyAcknowledgements extends Hasty {
  protected override isHasty({ kind }: RaftMessage): boolean {
    return kind === "appendEntriesReply";
  }
}

class HastyVotes extends Hasty {
  protected override isHasty({ kind }: RaftMessage): boolean {
    return kind === "requestVoteReply";
  }
}

class HastyCandidacies extends Hasty {
  protected override isHasty({ kind }: RaftMessage): boolean {
    return kind === "requestVote";
  }
}

class HastyInstallations extends Hasty {
  protected override isHasty({ kind }: RaftMessage): boolean {
    return kind === "installSnapshotReply";
  }
}

/** Acknowledges entries before its disk has them. */
class AckBeforeFsync extends Raft {
  protected override readonly outbox = new HastyAcknowledgements();
}

/** Tells of its vote before its disk has it. */
class VoteBeforeFsync extends Raft {
  protected override readonly outbox = new HastyVotes();
}

/** Asks for votes before its disk has the term and its own vote. */
class CandidacyBeforeFsync extends Raft {
  protected override readonly outbox = new HastyCandidacies();
}

/** Acknowledges a snapshot before its disk has it. */
class InstalledBeforeFsync extends Raft {
  protected override readonly outbox = new HastyInstallations();
}

/** Writes its term only when a vote or an entry is to be written anyway. */
class TermNotPersisted extends Raft {
  protected override save(): RaftRecord | null {
    const record = super.save();
    const isOnlyTerm = record !== null && record.votedFor === null && record.entries.length === 0;
    return isOnlyTerm && record.snapshot === null && record.from > this.log.lastIndex ? null : record;
  }
}

/** Counts a write under way that holds entries which were cut since. */
class CutEntriesCount extends Raft {
  protected override truncateFrom(index: number): void {
    const { durableIndex } = this;
    super.truncateFrom(index);
    this.durableIndex = durableIndex;
  }
}

export const durabilityMutants: readonly Entry[] = [
  {
    name: "ackBeforeFsync",
    breaks: "Figure 2: entries are acknowledged, then stored",
    source: "etcd #14370; Jepsen's report on NATS 2.12.1",
    oracle: "durability law",
    also: ["match is durable"],
    part: { Raft: AckBeforeFsync },
  },
  {
    name: "voteBeforeFsync",
    breaks: "Figure 2: a vote is told, then stored",
    source: "paper, Figure 2; sofa-jraft #1241",
    oracle: "durability law",
    also: ["match is durable"],
    part: { Raft: VoteBeforeFsync },
  },
  {
    name: "candidacyBeforeFsync",
    breaks: "Figure 2: votes are asked for, then the own stored",
    source: "sofa-jraft's electSelf",
    oracle: "durability law",
    also: ["match is durable"],
    part: { Raft: CandidacyBeforeFsync },
  },
  {
    name: "installedBeforeFsync",
    breaks: "Figure 13: a snapshot is acknowledged, then stored",
    source: "d-engine #360, tikv #10476",
    oracle: "durability law",
    also: ["match is durable"],
    part: { Raft: InstalledBeforeFsync },
  },
  {
    name: "termNotPersisted",
    breaks: "Figure 2: a new term alone is not stored",
    source: "sofa-jraft: no meta file means term 0",
    oracle: "monotonic term",
    masks: "the vote or the entry that follows within milliseconds carries the term",
    part: { Raft: TermNotPersisted },
  },
  {
    name: "cutEntriesCount",
    breaks: "thesis 10.2.1: entries that were cut count as stored",
    source: "hashicorp/raft: lastLog is stale after a failed truncation",
    oracle: "match is durable",
    also: ["committed is durable"],
    masks: "who cuts entries is a follower; it must lead before its next write ends",
    part: { Raft: CutEntriesCount },
  },
];
