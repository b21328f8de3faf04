/** Log replication (section 5.3) and the commit rule (section 5.4.2), pipelined (thesis, section 10.2.1). */

import { assert, type NodeId } from "../base/index.ts";
import type { Command } from "./log.ts";
import type { AppendEntries, AppendEntriesReply, Conflict, RaftRequest } from "./message.ts";
import type { Progress } from "./progress.ts";
import { quorumIndex } from "./quorum.ts";
import { RaftState } from "./state.ts";

/** A retry at once serves a lost message; more of them would only knock on a closed door until the next timeout. */
export const RETRIES_AT_ONCE = 3;

export abstract class Replication extends RaftState {
  // --- The leader ---

  protected appendAsLeader(command: Command): void {
    this.append(Object.freeze({ term: this.currentTerm, command }));
    for (const peer of this.peers) this.replicate(peer);
    this.postponeHeartbeat();
  }

  /**
   * Heartbeats are for idle periods (section 5.2): entries that just went to followers who all answer are as good. But
   * with one that is silent the next heartbeat comes when it would have: it tries again, and counts the quorum.
   */
  private postponeHeartbeat(): void {
    const { heartbeatInterval } = this.options.timing;
    for (const { sentAt, lastContact } of this.progress.values())
      if (sentAt !== this.now || lastContact <= this.now - heartbeatInterval) return;
    this.deadline = this.now + heartbeatInterval;
  }

  /** Sends what the follower lacks, as far as its window is open. */
  protected replicate(peer: NodeId): void {
    const progress = this.progressOf(peer);
    while (progress.nextIndex <= this.log.lastIndex && progress.underWay < this.windowOf(progress)) {
      this.appendEntries(peer);
    }
  }

  /** How many messages may be under way. Sending one may end the mode: the log that it needs is compacted. */
  protected windowOf(progress: Progress): number {
    return progress.mode === "replicate" ? this.options.limits.window : 1;
  }

  /** A heartbeat is an AppendEntries like every other: it carries whatever the follower lacks. */
  protected broadcast(): void {
    const { heartbeatInterval } = this.options.timing;
    this.deadline = this.now + heartbeatInterval;
    for (const peer of this.peers) {
      const progress = this.progressOf(peer);
      // Nothing came back since the last heartbeat: where losses are silent, that is how they are noticed.
      if (progress.lastContact <= this.now - heartbeatInterval) progress.restart();
      this.appendEntries(peer);
    }
  }

  /** Asks for an answer at once, whatever is under way; entries go along only where the window has room for them. */
  protected ask(peer: NodeId): void {
    const progress = this.progressOf(peer);
    const hasRoom = progress.underWay < this.windowOf(progress);
    this.appendEntries(peer, hasRoom ? this.options.limits.maxBatch : 0);
  }

  protected appendEntries(peer: NodeId, most = this.options.limits.maxBatch): void {
    const progress = this.progressOf(peer);
    if (progress.nextIndex <= this.log.snapshotIndex) {
      this.installSnapshotOn(peer);
      return;
    }
    const prevLogIndex = progress.nextIndex - 1;
    const lastIndex = Math.min(this.log.lastIndex, prevLogIndex + most);
    const entries = this.log.slice(progress.nextIndex, lastIndex);
    // While replicating, the next message does not wait for this one's answer.
    if (progress.mode === "replicate") progress.nextIndex = lastIndex + 1;
    this.call(peer, {
      kind: "appendEntries",
      term: this.currentTerm,
      leaderId: this.id,
      prevLogIndex,
      prevLogTerm: this.log.termAt(prevLogIndex),
      entries,
      leaderCommit: this.commitIndex,
    });
  }

  /** Section 7: the follower lacks what this log no longer has. */
  protected abstract installSnapshotOn(peer: NodeId): void;

  protected call(peer: NodeId, payload: RaftRequest): void {
    this.progressOf(peer).sent(++this.lastCall, this.now);
    this.lease?.sent(this.lastCall, this.now);
    this.outbox.send({ kind: "request", to: peer, call: this.lastCall, payload: Object.freeze(payload) });
  }

  protected handleAppendEntriesReply(from: NodeId, call: number, reply: AppendEntriesReply): void {
    if (this.role !== "leader" || reply.term !== this.currentTerm) return;
    const progress = this.progressOf(from);
    const expected = progress.isUnderWay(call);
    progress.answered(call, this.now);
    if (reply.success) {
      progress.acknowledge(reply.matchIndex);
      this.advanceCommitIndex();
    } else if (reply.conflict?.lost) {
      progress.lost(reply.conflict.index, expected);
    } else if (reply.conflict !== null && expected) {
      progress.probeFrom(Math.min(progress.nextIndex - 1, this.nextIndexAfter(reply.conflict)));
    }
    this.replicate(from);
  }

  /** Section 5.3, last paragraphs: skip a whole conflicting term in one round trip. */
  protected nextIndexAfter(conflict: Conflict): number {
    const shared = conflict.term === 0 ? null : this.log.lastIndexOfTerm(conflict.term);
    return shared === null ? conflict.index : shared + 1;
  }

  /** The follower may have executed it all the same; AppendEntries does no harm a second time. */
  protected retryAppendEntries(from: NodeId, call: number): void {
    const progress = this.progressOf(from);
    if (!progress.isUnderWay(call)) return;
    progress.restart();
    if (++progress.unanswered <= RETRIES_AT_ONCE) this.replicate(from);
  }

  /** Sections 5.3 and 5.4.2: only an entry of the own term is committed by counting; older ones go with it. */
  protected advanceCommitIndex(): void {
    if (this.commitIndex === this.log.lastIndex) return;
    const index = this.replicatedIndex();
    if (index > this.commitIndex && this.log.termAt(index) === this.currentTerm) this.commitTo(index);
  }

  /** The highest index that a quorum has durably; a leader who votes counts itself like the others. */
  protected replicatedIndex(): number {
    return quorumIndex(this.configuration, (server) => this.matchIndexOf(server));
  }

  /** As a leader: up to where it counts this server's log as its own, itself included. Else 0. */
  matchIndexOf(server: NodeId): number {
    if (this.role !== "leader") return 0;
    return server === this.id ? this.durableIndex : (this.progress.get(server)?.matchIndex ?? 0);
  }

  protected progressOf(peer: NodeId): Progress {
    const progress = this.progress.get(peer);
    assert(progress !== undefined, () => `${this.id} keeps no progress of ${peer}`);
    return progress;
  }

  // --- The follower ---

  protected handleAppendEntries(request: AppendEntries): AppendEntriesReply {
    if (request.term < this.currentTerm) return this.appendEntriesReply(false, 0, null);
    this.followLeader(request.leaderId);
    const conflict = this.conflictAt(request.prevLogIndex, request.prevLogTerm);
    if (conflict !== null) return this.appendEntriesReply(false, 0, conflict);
    this.reconcile(request);
    const matchIndex = request.prevLogIndex + request.entries.length;
    this.followCommit(request.leaderCommit, matchIndex);
    return this.appendEntriesReply(true, matchIndex, null);
  }

  /** Only up to the last *new* entry: what follows it in this log may still differ from the leader's. */
  protected followCommit(leaderCommit: number, lastNewIndex: number): void {
    this.commitTo(Math.min(leaderCommit, lastNewIndex));
  }

  /** A message of the current term's leader has come. */
  protected followLeader(leader: NodeId): void {
    assert(this.role !== "leader", () => `two leaders in term ${this.currentTerm}: ${this.id} and ${leader}`);
    this.stepDown(this.currentTerm);
    this.leaderId = leader;
    this.lastLeaderContact = this.now;
    this.resetElectionTimeout();
  }

  private appendEntriesReply(
    success: boolean,
    matchIndex: number,
    conflict: Conflict | null,
  ): AppendEntriesReply {
    return { kind: "appendEntriesReply", term: this.currentTerm, success, matchIndex, conflict };
  }

  /** Why the leader's entries cannot be attached here; null if the logs match at prevLogIndex. */
  protected conflictAt(prevLogIndex: number, prevLogTerm: number): Conflict | null {
    // What a snapshot replaced was committed, so it matches the log of every later leader.
    if (prevLogIndex < this.log.snapshotIndex) return null;
    const lost = this.damage.firstUpTo(prevLogIndex);
    if (lost !== null) return { term: 0, index: lost, lost: true };
    if (!this.log.has(prevLogIndex)) return { term: 0, index: this.log.lastIndex + 1 };
    const term = this.log.termAt(prevLogIndex);
    if (term === prevLogTerm) return null;
    return { term, index: this.log.firstIndexOfTermAt(prevLogIndex) };
  }

  /**
   * Truncates at the first entry that *conflicts*, not at prevLogIndex: an older AppendEntries that arrives late
   * would otherwise cut off entries which this server has acknowledged since.
   */
  protected reconcile(request: AppendEntries): void {
    let index = request.prevLogIndex;
    for (const entry of request.entries) {
      index++;
      if (index <= this.log.snapshotIndex) continue;
      if (index <= this.log.lastIndex && this.log.termAt(index) === entry.term) {
        this.repair(index, entry);
        continue;
      }
      this.truncateFrom(index);
      this.append(entry);
    }
  }

  // --- Both ---

  protected commitTo(index: number): void {
    assert(
      index <= this.log.lastIndex,
      () => `commitIndex ${index} is past the log's end ${this.log.lastIndex}`,
    );
    this.commitIndex = Math.max(this.commitIndex, index);
  }

  protected applyCommitted(): void {
    if (this.lastApplied >= this.commitIndex) return;
    const index = this.lastApplied + 1;
    this.lastApplied = this.commitIndex;
    this.outbox.emit({ kind: "commit", index, entries: this.log.slice(index, this.lastApplied) });
  }
}
