/** Log replication (section 5.3) and the commit rule (section 5.4.2). */

import { assert, type NodeId } from "../base/index.ts";
import type { Command } from "./log.ts";
import type { AppendEntries, AppendEntriesReply, Conflict } from "./message.ts";
import type { Progress } from "./progress.ts";
import { majorityIndex } from "./quorum.ts";
import { RaftState } from "./state.ts";

/** A retry at once serves a lost message; more of them would only knock on a closed door until the next heartbeat. */
const RETRIES_AT_ONCE = 3;

export abstract class Replication extends RaftState {
  // --- The leader ---

  protected appendAsLeader(command: Command): void {
    this.append(Object.freeze({ term: this.currentTerm, command }));
    for (const [peer, progress] of this.progress) if (progress.inFlight === null) this.appendEntries(peer);
  }

  /** A heartbeat is an AppendEntries like every other: it carries whatever the follower lacks. */
  protected broadcast(): void {
    this.deadline = this.now + this.options.timing.heartbeatInterval;
    for (const peer of this.peers) this.appendEntries(peer);
  }

  protected appendEntries(peer: NodeId): void {
    const progress = this.progressOf(peer);
    const prevLogIndex = progress.nextIndex - 1;
    const lastIndex = Math.min(this.log.lastIndex, prevLogIndex + this.options.maxBatch);
    progress.inFlight = ++this.lastCall;
    this.outbox.send({
      kind: "request",
      to: peer,
      call: this.lastCall,
      payload: Object.freeze({
        kind: "appendEntries",
        term: this.currentTerm,
        leaderId: this.id,
        prevLogIndex,
        prevLogTerm: this.log.termAt(prevLogIndex),
        entries: this.log.slice(progress.nextIndex, lastIndex),
        leaderCommit: this.commitIndex,
      }),
    });
  }

  protected handleAppendEntriesReply(from: NodeId, call: number, reply: AppendEntriesReply): void {
    if (this.role !== "leader" || reply.term !== this.currentTerm) return;
    const progress = this.progressOf(from);
    if (progress.inFlight === call) progress.inFlight = null;
    progress.unanswered = 0;
    if (reply.success) {
      progress.acknowledge(reply.matchIndex);
      this.advanceCommitIndex();
    } else if (reply.conflict !== null) {
      progress.backUpTo(this.nextIndexAfter(reply.conflict));
    }
    if (progress.inFlight === null && progress.nextIndex <= this.log.lastIndex) this.appendEntries(from);
  }

  /** Section 5.3, last paragraphs: skip a whole conflicting term in one round trip. */
  protected nextIndexAfter(conflict: Conflict): number {
    const shared = conflict.term === 0 ? null : this.log.lastIndexOfTerm(conflict.term);
    return shared === null ? conflict.index : shared + 1;
  }

  /** The follower may have executed it all the same; AppendEntries does no harm a second time. */
  protected retryAppendEntries(from: NodeId, call: number): void {
    const progress = this.progressOf(from);
    if (progress.inFlight !== call) return;
    progress.inFlight = null;
    progress.unanswered++;
    const lagging = progress.nextIndex <= this.log.lastIndex;
    if (lagging && progress.unanswered <= RETRIES_AT_ONCE) this.appendEntries(from);
  }

  /** Sections 5.3 and 5.4.2: only an entry of the own term is committed by counting; older ones go with it. */
  protected advanceCommitIndex(): void {
    const index = this.replicatedIndex();
    if (index > this.commitIndex && this.log.termAt(index) === this.currentTerm) this.commitTo(index);
  }

  /** The highest index that a majority has durably; the leader counts itself like the others. */
  protected replicatedIndex(): number {
    return majorityIndex([this.durableIndex, ...Array.from(this.progress.values(), (p) => p.matchIndex)]);
  }

  protected progressOf(peer: NodeId): Progress {
    const progress = this.progress.get(peer);
    assert(progress !== undefined, `${this.id} keeps no progress of ${peer}`);
    return progress;
  }

  // --- The follower ---

  protected handleAppendEntries(request: AppendEntries): AppendEntriesReply {
    if (request.term < this.currentTerm) return this.appendEntriesReply(false, 0, null);
    assert(this.role !== "leader", `two leaders in term ${request.term}: ${this.id} and ${request.leaderId}`);
    this.stepDown(request.term);
    this.leaderId = request.leaderId;
    this.resetElectionTimeout();
    const conflict = this.conflictAt(request.prevLogIndex, request.prevLogTerm);
    if (conflict !== null) return this.appendEntriesReply(false, 0, conflict);
    this.reconcile(request);
    const matchIndex = request.prevLogIndex + request.entries.length;
    // Only up to the last *new* entry: what follows it in this log may still differ from the leader's.
    this.commitTo(Math.min(request.leaderCommit, matchIndex));
    return this.appendEntriesReply(true, matchIndex, null);
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
      if (index <= this.log.lastIndex && this.log.termAt(index) === entry.term) continue;
      this.truncateFrom(index);
      this.append(entry);
    }
  }

  // --- Both ---

  protected commitTo(index: number): void {
    assert(index <= this.log.lastIndex, `commitIndex ${index} is past the log's end ${this.log.lastIndex}`);
    this.commitIndex = Math.max(this.commitIndex, index);
  }

  protected applyCommitted(): void {
    if (this.lastApplied >= this.commitIndex) return;
    const index = this.lastApplied + 1;
    this.lastApplied = this.commitIndex;
    this.outbox.emit({ kind: "commit", index, entries: this.log.slice(index, this.lastApplied) });
  }
}
