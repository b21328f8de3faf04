/** Log compaction (section 7): snapshots taken here, and snapshots that a leader sends in chunks (Figure 13). */

import { assert, type NodeId } from "../base/index.ts";
import type { Snapshot } from "./log.ts";
import type { InstallSnapshot, InstallSnapshotReply } from "./message.ts";
import { Replication } from "./replication.ts";

/** A snapshot that is still arriving. */
interface Incoming {
  /** Of the leader that sends it. */
  readonly leaderTerm: number;
  readonly index: number;
  readonly term: number;
  readonly chunks: Uint8Array[];
  size: number;
}

export abstract class Compaction extends Replication {
  private incoming: Incoming | null = null;

  /** The state machine's state stands for the log up to `index`. An older snapshot than the one held changes nothing. */
  protected compact(index: number, data: Uint8Array): void {
    if (index <= this.log.snapshotIndex) return;
    assert(
      index <= this.lastApplied,
      () => `cannot compact up to ${index}, only ${this.lastApplied} is applied`,
    );
    const configuration = this.configurationIn(index);
    this.adoptSnapshot(Object.freeze({ index, term: this.log.termAt(index), configuration, data }));
  }

  // --- The leader ---

  protected installSnapshotOn(peer: NodeId): void {
    const { snapshot } = this;
    assert(
      snapshot !== null,
      () => `${this.id} has no snapshot, its log begins at ${this.log.snapshotIndex + 1}`,
    );
    const { snapshot: sent, offset } = this.progressOf(peer).transferOf(snapshot);
    const end = Math.min(offset + this.options.limits.chunk, sent.data.length);
    this.call(peer, {
      kind: "installSnapshot",
      term: this.currentTerm,
      leaderId: this.id,
      lastIncludedIndex: sent.index,
      lastIncludedTerm: sent.term,
      offset,
      data: sent.data.subarray(offset, end),
      done: end === sent.data.length,
      configuration: sent.configuration,
    });
  }

  protected handleInstallSnapshotReply(from: NodeId, call: number, reply: InstallSnapshotReply): void {
    if (this.role !== "leader" || reply.term !== this.currentTerm) return;
    const progress = this.progressOf(from);
    const expected = progress.isUnderWay(call);
    progress.answered(call, this.now);
    if (reply.installed) {
      progress.acknowledge(reply.lastIncludedIndex);
      this.advanceCommitIndex();
    } else if (progress.transfer?.snapshot.index === reply.lastIncludedIndex) {
      // Backwards too, for a follower that has crashed has forgotten its chunks; but not because an answer is late.
      const { transfer } = progress;
      transfer.offset = expected ? reply.offset : Math.max(transfer.offset, reply.offset);
    }
    this.replicate(from);
  }

  // --- The follower ---

  protected handleInstallSnapshot(request: InstallSnapshot): InstallSnapshotReply {
    const { lastIncludedIndex } = request;
    if (request.term < this.currentTerm) return this.installSnapshotReply(lastIncludedIndex, 0, false);
    this.followLeader(request.leaderId);
    // All of it is committed here already: an old or repeated snapshot must not take the state machine back.
    if (this.isStale(request)) {
      // Chunks of one that the log has overtaken are of no use any more.
      if (this.incoming !== null && this.incoming.index <= this.commitIndex) this.incoming = null;
      return this.installSnapshotReply(lastIncludedIndex, 0, true);
    }
    const incoming = this.receive(request);
    const complete = request.done && incoming.size === request.offset + request.data.length;
    if (!complete || incoming.index !== lastIncludedIndex) {
      return this.installSnapshotReply(incoming.index, incoming.size, false);
    }
    this.incoming = null;
    const { lastIncludedTerm: term, configuration } = request;
    this.install({ index: lastIncludedIndex, term, configuration, data: joined(incoming) });
    return this.installSnapshotReply(lastIncludedIndex, incoming.size, true);
  }

  protected isStale(request: InstallSnapshot): boolean {
    return request.lastIncludedIndex <= this.commitIndex;
  }

  /**
   * Figure 13, rules 2 to 4: chunks in order; one that is out of order is answered with the offset that is wanted. A
   * late chunk of an older snapshot does not end a newer one, and the chunks of two leaders are never joined: their
   * state machines are equal, the bytes that they make of them need not be.
   */
  private receive(request: InstallSnapshot): Incoming {
    const { term: leaderTerm, lastIncludedIndex: index, lastIncludedTerm: term } = request;
    if (this.incoming?.leaderTerm !== leaderTerm || this.incoming.index < index) {
      this.incoming = { leaderTerm, index, term, chunks: [], size: 0 };
    }
    if (index === this.incoming.index && request.offset === this.incoming.size) {
      this.incoming.chunks.push(request.data);
      this.incoming.size += request.data.length;
    }
    return this.incoming;
  }

  /** Figure 13, rules 5 to 8. The write is one: a snapshot without its log, or the reverse, would be neither. */
  private install(snapshot: Snapshot): void {
    this.adoptSnapshot(Object.freeze(snapshot));
    this.commitIndex = snapshot.index;
    this.lastApplied = snapshot.index;
    this.outbox.emit({ kind: "restore", snapshot });
  }

  private installSnapshotReply(
    lastIncludedIndex: number,
    offset: number,
    installed: boolean,
  ): InstallSnapshotReply {
    return { kind: "installSnapshotReply", term: this.currentTerm, lastIncludedIndex, offset, installed };
  }
}

function joined({ chunks, size }: Incoming): Uint8Array {
  const data = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    data.set(chunk, at);
    at += chunk.length;
  }
  return data;
}
