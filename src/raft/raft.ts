/**
 * One Raft server: Figure 2 of the extended paper as a synchronous actor. Every rule is a small method with the name
 * that Ongaro gives it, so that a reader can hold the figure beside it and a mutant can override exactly one.
 */

import { type Actor, assert, type Instant, type NodeId, unreachable } from "../base/index.ts";
import type { RaftEffect, RaftInput } from "./effect.ts";
import { RaftLog } from "./log.ts";
import type {
  AppendEntries,
  AppendEntriesReply,
  Conflict,
  RaftReply,
  RaftRequest,
  RequestVote,
  RequestVoteReply,
} from "./message.ts";
import type { RaftOptions } from "./options.ts";
import { Outbox } from "./outbox.ts";
import { Progress } from "./progress.ts";
import { isMajority, majorityIndex } from "./quorum.ts";
import type { RaftImage, RaftRecord } from "./storage.ts";

export type Role = "follower" | "candidate" | "leader";

/** A retry at once serves a lost message; more of them would only knock on a closed door until the next heartbeat. */
const RETRIES_AT_ONCE = 3;

export class Raft implements Actor<RaftInput, RaftEffect> {
  readonly id: NodeId;
  protected readonly options: RaftOptions;
  private readonly peers: readonly NodeId[];

  // Persistent state (Figure 2). `save` tells which part of it this step has changed.
  currentTerm: number;
  votedFor: NodeId | null;
  readonly log: RaftLog;

  // Volatile state.
  role: Role = "follower";
  commitIndex = 0;
  lastApplied = 0;
  /** Whom this server believes to lead its term; null if it does not know. */
  leaderId: NodeId | null = null;
  deadline: Instant | null = null;

  // Volatile state of candidates and leaders, made anew for each election.
  protected votes = new Set<NodeId>();
  protected progress = new Map<NodeId, Progress>();

  private now: Instant;
  private readonly outbox = new Outbox();
  private hardStateChanged = false;
  /** The lowest log index that this step has written; null if none. */
  private writtenFrom: number | null = null;
  /** For each write under way: its mark and the last log index that it makes durable. */
  private unsynced: { mark: number; lastIndex: number }[] = [];
  private durableIndex: number;
  private lastCall = 0;
  /** Replies to calls before this one answer an earlier term or an earlier role. */
  private firstCallOfRole = 1;

  /** `image` is what the disk kept; `now` starts the first election timeout. */
  constructor(options: RaftOptions, image: RaftImage, now: Instant) {
    assert(
      options.members.includes(options.id),
      `${options.id} is no member of ${options.members.join(", ")}`,
    );
    this.id = options.id;
    this.options = options;
    this.peers = options.members.filter((member) => member !== options.id);
    this.currentTerm = image.currentTerm;
    this.votedFor = image.votedFor;
    this.log = new RaftLog(image.entries);
    this.durableIndex = this.log.lastIndex;
    this.now = now;
    this.resetElectionTimeout();
  }

  step(now: Instant, input: RaftInput): readonly RaftEffect[] {
    this.now = now;
    switch (input.kind) {
      case "deadline":
        if (this.deadline !== null && now >= this.deadline) this.handleDeadline();
        break;
      case "request":
        this.handleRequest(input.from, input.call, input.payload as RaftRequest);
        break;
      case "reply":
        this.handleReply(input.from, input.call, input.payload as RaftReply);
        break;
      case "unanswered":
        this.handleUnanswered(input.from, input.call);
        break;
      case "durable":
        if (this.outbox.durable(input.mark)) this.handleDurable(input.mark);
        break;
      case "propose":
        if (this.role === "leader") this.appendAsLeader(input.command);
        break;
      default:
        unreachable(input);
    }
    this.applyCommitted();
    return this.outbox.take(this.save());
  }

  // --- Elections (section 5.2) ---

  protected startNewElection(): void {
    this.adoptTerm(this.currentTerm + 1);
    this.changeRole("candidate");
    this.voteFor(this.id);
    this.resetElectionTimeout();
    // The candidate's own vote counts when it is durable, see handleDurable.
    for (const peer of this.peers) this.requestVote(peer);
  }

  private requestVote(peer: NodeId): void {
    this.outbox.sendDurably({
      kind: "request",
      to: peer,
      call: ++this.lastCall,
      payload: {
        kind: "requestVote",
        term: this.currentTerm,
        candidateId: this.id,
        lastLogIndex: this.log.lastIndex,
        lastLogTerm: this.log.lastTerm,
      },
    });
  }

  protected handleRequestVote(request: RequestVote): RequestVoteReply {
    const free = this.votedFor === null || this.votedFor === request.candidateId;
    const voteGranted = request.term === this.currentTerm && free && this.candidateIsUpToDate(request);
    if (voteGranted) {
      this.voteFor(request.candidateId);
      this.resetElectionTimeout();
    }
    return { kind: "requestVoteReply", term: this.currentTerm, voteGranted };
  }

  /** Section 5.4.1: whoever lacks a committed entry cannot win, because some voter of every majority has it. */
  protected candidateIsUpToDate(request: RequestVote): boolean {
    if (request.lastLogTerm !== this.log.lastTerm) return request.lastLogTerm > this.log.lastTerm;
    return request.lastLogIndex >= this.log.lastIndex;
  }

  protected handleRequestVoteReply(from: NodeId, reply: RequestVoteReply): void {
    if (this.role !== "candidate" || reply.term !== this.currentTerm || !reply.voteGranted) return;
    this.votes.add(from);
    if (isMajority(this.votes, this.options.members)) this.becomeLeader();
  }

  protected becomeLeader(): void {
    this.changeRole("leader");
    this.leaderId = this.id;
    this.progress = new Map(this.peers.map((peer) => [peer, new Progress(this.log.lastIndex)]));
    this.broadcast();
  }

  /** A higher term was seen, or a leader of the own term: be a follower. */
  protected stepDown(term: number): void {
    if (term > this.currentTerm) this.adoptTerm(term);
    if (this.role === "follower") return;
    this.changeRole("follower");
    this.resetElectionTimeout();
  }

  // --- Replication (section 5.3) ---

  private appendAsLeader(command: unknown): void {
    this.log.append(Object.freeze({ term: this.currentTerm, command }));
    this.wrote(this.log.lastIndex);
    for (const [peer, progress] of this.progress) if (progress.inFlight === null) this.appendEntries(peer);
  }

  private broadcast(): void {
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
      this.log.append(entry);
      this.wrote(index);
    }
  }

  protected truncateFrom(index: number): void {
    if (index > this.log.lastIndex) return;
    this.log.truncateFrom(index);
    this.wrote(index);
    // A write under way may hold entries that were just cut: they must not count as durable later.
    this.durableIndex = Math.min(this.durableIndex, index - 1);
    for (const write of this.unsynced) write.lastIndex = Math.min(write.lastIndex, index - 1);
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

  /** Section 5.3: skip a whole conflicting term in one round trip. */
  protected nextIndexAfter(conflict: Conflict): number {
    const shared = conflict.term === 0 ? null : this.log.lastIndexOfTerm(conflict.term);
    return shared === null ? conflict.index : shared + 1;
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

  protected commitTo(index: number): void {
    assert(index <= this.log.lastIndex, `commitIndex ${index} is past the log's end ${this.log.lastIndex}`);
    this.commitIndex = Math.max(this.commitIndex, index);
  }

  private applyCommitted(): void {
    if (this.lastApplied >= this.commitIndex) return;
    const index = this.lastApplied + 1;
    this.lastApplied = this.commitIndex;
    this.outbox.emit({ kind: "commit", index, entries: this.log.slice(index, this.lastApplied) });
  }

  // --- What arrives ---

  private handleDeadline(): void {
    if (this.role === "leader") this.broadcast();
    else this.startNewElection();
  }

  private handleRequest(from: NodeId, call: number, request: RaftRequest): void {
    if (request.term > this.currentTerm) this.stepDown(request.term);
    const payload =
      request.kind === "requestVote" ? this.handleRequestVote(request) : this.handleAppendEntries(request);
    this.outbox.sendDurably({ kind: "reply", to: from, call, payload: Object.freeze(payload) });
  }

  private handleReply(from: NodeId, call: number, reply: RaftReply): void {
    if (reply.term > this.currentTerm) this.stepDown(reply.term);
    if (call < this.firstCallOfRole) return;
    if (reply.kind === "requestVoteReply") this.handleRequestVoteReply(from, reply);
    else this.handleAppendEntriesReply(from, call, reply);
  }

  /** Section 5.3, 5.5: retry. The request may have been executed, and every one of Raft's may be executed twice. */
  private handleUnanswered(from: NodeId, call: number): void {
    if (call < this.firstCallOfRole) return;
    if (this.role === "candidate" && !this.votes.has(from)) this.requestVote(from);
    if (this.role !== "leader") return;
    const progress = this.progressOf(from);
    if (progress.inFlight !== call) return;
    progress.inFlight = null;
    progress.unanswered++;
    const lagging = progress.nextIndex <= this.log.lastIndex;
    if (lagging && progress.unanswered <= RETRIES_AT_ONCE) this.appendEntries(from);
  }

  private handleDurable(mark: number): void {
    while (this.unsynced.length > 0 && this.unsynced[0]!.mark <= mark) {
      this.durableIndex = Math.max(this.durableIndex, this.unsynced.shift()!.lastIndex);
    }
    if (this.role === "leader") this.advanceCommitIndex();
    // Votes of others were asked for after this write, so this server's vote of the current term is the one on disk.
    if (this.role === "candidate" && this.outbox.mark === mark) {
      this.handleRequestVoteReply(this.id, {
        kind: "requestVoteReply",
        term: this.currentTerm,
        voteGranted: this.votedFor === this.id,
      });
    }
  }

  // --- State ---

  private adoptTerm(term: number): void {
    assert(term > this.currentTerm, `term ${term} is not above ${this.currentTerm}`);
    this.currentTerm = term;
    this.votedFor = null;
    this.leaderId = null;
    this.hardStateChanged = true;
  }

  protected voteFor(candidate: NodeId): void {
    if (this.votedFor === candidate) return;
    this.votedFor = candidate;
    this.hardStateChanged = true;
  }

  private changeRole(role: Role): void {
    this.role = role;
    this.votes = new Set();
    this.progress = new Map();
    this.firstCallOfRole = this.lastCall + 1;
  }

  private resetElectionTimeout(): void {
    const timeout = this.options.timing.electionTimeout;
    this.deadline = this.now + timeout + this.options.random.below(timeout);
  }

  private progressOf(peer: NodeId): Progress {
    const progress = this.progress.get(peer);
    assert(progress !== undefined, `${this.id} keeps no progress of ${peer}`);
    return progress;
  }

  private wrote(index: number): void {
    this.writtenFrom = this.writtenFrom === null ? index : Math.min(this.writtenFrom, index);
  }

  /** What this step has changed of the persistent state; null if nothing. */
  private save(): RaftRecord | null {
    if (!this.hardStateChanged && this.writtenFrom === null) return null;
    const lastIndex = this.log.lastIndex;
    const from = this.writtenFrom ?? lastIndex + 1;
    if (this.writtenFrom !== null) this.unsynced.push({ mark: this.outbox.mark + 1, lastIndex });
    this.hardStateChanged = false;
    this.writtenFrom = null;
    return {
      currentTerm: this.currentTerm,
      votedFor: this.persistentVote(),
      from,
      entries: this.log.slice(from, lastIndex),
    };
  }

  /** What the disk is told of this term's vote. */
  protected persistentVote(): NodeId | null {
    return this.votedFor;
  }
}
