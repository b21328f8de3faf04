/** Deliberate bugs in reads that are not entries of the log (thesis, section 6.4). */

import type { Instant, NodeId } from "../../../src/base/index.ts";
import { type ClerkRequest, Server } from "../../../src/kv/index.ts";
import { Raft } from "../../../src/raft/index.ts";
import type { Entry } from "./mutant.ts";

/** Any server answers reads from its own state, without asking whether it still leads or ever did. */
export class AnyReplicaReads extends Server {
  protected override handleClerkRequest(from: NodeId, call: number, message: ClerkRequest): void {
    const { request, operation } = message;
    if (operation.kind !== "get") super.handleClerkRequest(from, call, message);
    else this.reply(from, call, { kind: "result", request, result: this.machine.apply(operation) });
  }
}

/** Who believes to lead answers reads from its own state. */
class LocalReads extends Server {
  protected override handleClerkRequest(from: NodeId, call: number, message: ClerkRequest): void {
    const { request, operation } = message;
    if (operation.kind !== "get" || this.raft.role !== "leader")
      super.handleClerkRequest(from, call, message);
    else this.reply(from, call, { kind: "result", request, result: this.machine.apply(operation) });
  }
}

/** Answers reads without asking whether it still leads. */
class ReadWithoutQuorum extends Raft {
  protected override isConfirmed(): boolean {
    return true;
  }
}

/** Believes to lead for four election timeouts after it has heard from a quorum: a lease, without a bound on clocks. */
class ReadByLongLease extends Raft {
  protected override isConfirmed(): boolean {
    const since = this.now - 4 * this.options.timing.electionTimeout;
    const heard = [...this.progress.values()].filter(({ lastContact }) => lastContact >= since).length;
    return 2 * (heard + 1) > this.options.members.length;
  }
}

/** Takes an answer that comes after a read for a proof, also if it answers what was asked long before. */
class ReadByLateAnswer extends Raft {
  private askedAt: Instant = 0;

  protected override read(id: number): void {
    if (this.readRound === null) this.askedAt = this.now;
    super.read(id);
  }

  protected override isConfirmed(): boolean {
    const confirmed = new Set([this.id]);
    for (const [peer, { lastContact }] of this.progress) if (lastContact > this.askedAt) confirmed.add(peer);
    return this.isQuorum(confirmed);
  }
}

/** A read joins the round that is under way, whose answers may be older than the read. */
class ReadJoinsRound extends Raft {
  protected override read(id: number): void {
    const { readRound } = this;
    if (readRound === null) super.read(id);
    else this.readRound = { ...readRound, ids: [...readRound.ids, id] };
  }
}

export const readMutants: readonly Entry[] = [
  {
    name: "anyReplicaReads",
    breaks: "section 8: every server answers reads by itself",
    source: "etcd #741",
    oracle: "history",
    part: { Server: AnyReplicaReads },
  },
  {
    name: "localReads",
    breaks: "section 8: a leader answers reads by itself",
    source: "etcd #741",
    oracle: "history",
    part: { Server: LocalReads },
  },
  {
    name: "readWithoutQuorum",
    breaks: "thesis 6.4: reads without a round to a quorum",
    source: "thesis, section 6.4; Xraft #40",
    oracle: "history",
    part: { Raft: ReadWithoutQuorum },
  },
  {
    name: "readByLongLease",
    breaks: "thesis 6.4: a lease longer than an election",
    source: "tikv #964; sofa-jraft #25, #34; braft #492",
    oracle: "history",
    part: { Raft: ReadByLongLease },
  },
  {
    name: "readByLateAnswer",
    breaks: "thesis 6.4: any later answer confirms a read",
    source: "thesis, section 6.4, step 3",
    oracle: "history",
    masks: "an answer must be under way while another leader is elected",
    part: { Raft: ReadByLateAnswer },
  },
  {
    name: "readJoinsRound",
    breaks: "thesis 6.4: a read joins a round that has begun",
    source: "thesis, section 6.4, step 3",
    oracle: "history",
    masks: "a round lasts milliseconds, within which another leader must be elected and commit",
    part: { Raft: ReadJoinsRound },
  },
];
