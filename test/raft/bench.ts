/**
 * One Raft server on the bench: the test plays its peers, its clock and its disk. What leaves the server is collected
 * in `sent`; with `diskHeld` set, writes stay under way until `sync`. Unless a test asks for more it is the Raft of the
 * paper's Figure 2: no PreVote, no CheckQuorum, and one AppendEntries to a follower at a time.
 */

import { type Instant, type Message, type NodeId, type Persist, Random } from "../../src/base/index.ts";
import {
  type AppendEntries,
  type AppendEntriesReply,
  type Command,
  defaultLimits,
  type Entry,
  type InstallSnapshot,
  type LeaseOptions,
  LOST,
  Raft,
  type RaftEffect,
  type RaftFeatures,
  type RaftImage,
  type RaftInput,
  RaftLog,
  type RaftMessage,
  type RaftOptions,
  type RaftRecord,
  type RequestVote,
  type RequestVoteReply,
  raftStorage,
  type Snapshot,
} from "../../src/raft/index.ts";

/** Small round numbers, in microseconds. */
export const timing = { electionTimeout: 1000, heartbeatInterval: 300 };

export interface Setup {
  readonly term?: number;
  readonly votedFor?: NodeId | null;
  /** The terms of the log's entries. */
  readonly log?: readonly number[];
  readonly members?: readonly NodeId[];
  readonly maxBatch?: number;
  readonly window?: number;
  readonly chunk?: number;
  readonly features?: Partial<RaftFeatures>;
  /** What the disk holds in place of the log's first part; `log` comes after it. */
  readonly snapshot?: Snapshot | null;
  /** Entries of which the disk has kept no more than index and term. */
  readonly lost?: readonly number[];
  /** Reads under a lease, and promises not to vote. */
  readonly lease?: LeaseOptions;
  readonly seed?: string;
  readonly RaftClass?: typeof Raft;
}

/** Every limit and feature that Figure 2 does not know, turned off. */
export const figure2: Pick<RaftOptions, "features" | "limits"> = {
  features: { preVote: false, checkQuorum: false },
  limits: { ...defaultLimits, maxBatch: 100, window: 1 },
};

type OfKind<K> = Extract<RaftMessage, { kind: K }>;

type Write = Persist<RaftMessage, RaftRecord>;

export class Bench {
  raft: Raft;
  now: Instant = 0;
  /** What is durable. */
  readonly image: RaftImage;
  /** What has left this server since `take`. */
  sent: Message<RaftMessage>[] = [];
  /** The commands applied, and "restored to 7" where a snapshot took the place of all before. */
  applied: Command[] = [];
  /** The reads that may be answered. */
  readable: number[] = [];
  diskHeld = false;
  /** Writes under way. */
  writes: Write[] = [];
  private readonly setup: Setup;
  private peerCalls = 0;
  private lives = 0;

  constructor(setup: Setup = {}) {
    this.setup = setup;
    const { term, votedFor = null, log = [], snapshot = null, lost = [] } = setup;
    const { index, term: snapshotTerm } = snapshot ?? { index: 0, term: 0 };
    const stored = new RaftLog(entriesFrom(index + 1, ...log), index, snapshotTerm);
    for (const each of lost) stored.restore(each, { term: stored.termAt(each), command: LOST });
    const image = { currentTerm: term ?? stored.lastTerm, votedFor, snapshot, log: stored };
    this.image = lost.length === 0 ? image : { ...image, lost: new Set(lost) };
    this.raft = this.boot();
  }

  private boot(): Raft {
    const {
      members = ["n1", "n2", "n3"],
      maxBatch = 100,
      window = 1,
      chunk = 4,
      seed = "bench",
      lease,
      RaftClass = Raft,
    } = this.setup;
    const random = new Random(seed).fork(this.lives++);
    const features = { ...figure2.features, ...this.setup.features };
    const limits = { maxBatch, window, chunk };
    const leases = lease === undefined ? {} : { lease };
    const options = { id: "n1", members, random, timing, features, limits, ...leases };
    return new RaftClass(options, this.image, this.now);
  }

  step(input: RaftInput): readonly RaftEffect[] {
    const effects = this.raft.step(this.now, input);
    for (const effect of effects) {
      if (effect.kind === "persist") this.writes.push(effect);
      else if (effect.kind === "commit") for (const entry of effect.entries) this.applied.push(entry.command);
      else if (effect.kind === "restore") this.applied.push(`restored to ${effect.snapshot.index}`);
      else if (effect.kind === "readable") this.readable.push(...effect.ids);
      else this.sent.push(effect);
    }
    if (!this.diskHeld) this.sync();
    return effects;
  }

  /** The disk finishes the oldest writes, all of them if it is not told how many. */
  sync(count = this.writes.length): void {
    for (const { mark, record, thenSend } of this.writes.splice(0, count)) {
      if (record !== null) raftStorage.write(this.image, record);
      this.sent.push(...thenSend);
      this.step({ kind: "durable", mark });
    }
  }

  /** Power loss: what is not durable is gone. */
  crash(): void {
    this.writes = [];
    this.sent = [];
    this.applied = [];
    this.raft = this.boot();
  }

  /** What has left since the last time. */
  take(): Message<RaftMessage>[] {
    const sent = this.sent;
    this.sent = [];
    return sent;
  }

  /** A peer asks. Returns what it is told at once; null if nothing has left yet. */
  ask(from: NodeId, payload: RaftMessage): RaftMessage | null {
    const call = 1000 + ++this.peerCalls;
    this.step({ kind: "request", from, call, payload });
    return this.sent.find((m) => m.kind === "reply" && m.to === from && m.call === call)?.payload ?? null;
  }

  /** A peer answers this request of ours. */
  answer(request: Message<RaftMessage>, payload: RaftMessage): void {
    this.step({ kind: "reply", from: request.to, call: request.call, payload });
  }

  unanswered(request: Message<RaftMessage>): void {
    this.step({ kind: "unanswered", from: request.to, call: request.call });
  }

  propose(...commands: readonly string[]): void {
    for (const command of commands) this.step({ kind: "propose", command });
  }

  /** Sleeps until the deadline. */
  expire(): void {
    this.now = this.raft.deadline!;
    this.step({ kind: "deadline" });
  }

  wait(time: number): void {
    this.now += time;
    this.step({ kind: "deadline" });
  }

  /** Times out and wins the votes of everybody. Leaves the first heartbeats in `sent`. */
  elect(): this {
    this.expire();
    // With PreVote there are two rounds.
    while (this.raft.role !== "leader" && this.sent.length > 0) {
      for (const message of this.take()) {
        const { payload } = message;
        if (payload.kind !== "requestVote") continue;
        this.answer(message, { ...granted(this.raft.currentTerm), preVote: payload.preVote });
      }
    }
    return this;
  }

  /** The state machine hands over its state after the entry at `index`. */
  compact(index: number, state = `state at ${index}`): readonly RaftEffect[] {
    return this.step({ kind: "compact", index, data: bytesOf(state) });
  }

  read(...ids: readonly number[]): void {
    for (const id of ids) this.step({ kind: "read", id });
  }

  /** All messages of this kind that have left and were not taken. */
  sentOf<K extends RaftMessage["kind"]>(kind: K): (Message<RaftMessage> & { payload: OfKind<K> })[] {
    const found = this.sent.filter((message) => message.payload.kind === kind);
    return found as (Message<RaftMessage> & { payload: OfKind<K> })[];
  }

  /** The latest AppendEntries, or what else is asked for, to this peer. */
  latestTo(peer: NodeId): Message<RaftMessage> & { payload: AppendEntries };
  latestTo<K extends RaftMessage["kind"]>(
    peer: NodeId,
    kind: K,
  ): Message<RaftMessage> & { payload: OfKind<K> };
  latestTo(peer: NodeId, kind: RaftMessage["kind"] = "appendEntries"): Message<RaftMessage> {
    const found = this.sentOf(kind).findLast((message) => message.to === peer);
    if (found === undefined) throw new Error(`no ${kind} was sent to ${peer}`);
    return found;
  }

  /** Those of the entries in the log; a snapshot's are not known. */
  get terms(): number[] {
    return termsOf(entriesOf(this.raft.log));
  }

  /** The durable log. */
  get stored(): readonly Entry[] {
    return entriesOf(this.image.log);
  }
}

/** Entries of these terms, numbered from `first`; the command names term and index, which name an entry. */
export function entriesFrom(first: number, ...terms: readonly number[]): Entry[] {
  return terms.map((term, i) => ({ term, command: `${term}@${first + i}` }));
}

export function entries(...terms: readonly number[]): Entry[] {
  return entriesFrom(1, ...terms);
}

/** All that no snapshot has replaced. */
export function entriesOf(log: RaftLog): readonly Entry[] {
  return log.slice(log.snapshotIndex + 1, log.lastIndex);
}

export function termsOf(log: readonly Entry[]): number[] {
  return log.map((entry) => entry.term);
}

export function requestVote(
  term: number,
  [lastLogIndex, lastLogTerm]: readonly [number, number] = [0, 0],
  candidateId = "n2",
): RequestVote {
  return { kind: "requestVote", preVote: false, term, candidateId, lastLogIndex, lastLogTerm };
}

/** From n2. `after` is prevLogIndex and prevLogTerm, `terms` are those of the entries. */
export function appendEntries(
  term: number,
  [prevLogIndex, prevLogTerm]: readonly [number, number] = [0, 0],
  terms: readonly number[] = [],
  leaderCommit = 0,
): AppendEntries {
  const sent = entriesFrom(prevLogIndex + 1, ...terms);
  return {
    kind: "appendEntries",
    term,
    leaderId: "n2",
    prevLogIndex,
    prevLogTerm,
    entries: sent,
    leaderCommit,
  };
}

/** From n2: the part of a snapshot from this byte on. */
export function installSnapshot(
  term: number,
  [lastIncludedIndex, lastIncludedTerm]: readonly [number, number],
  offset: number,
  part: string,
  done = false,
): InstallSnapshot {
  const about = { term, leaderId: "n2", lastIncludedIndex, lastIncludedTerm, offset };
  return { kind: "installSnapshot", ...about, data: bytesOf(part), done, configuration: null };
}

/** The follower has so many bytes of this snapshot. */
export function holding(term: number, lastIncludedIndex: number, offset: number): RaftMessage {
  return { kind: "installSnapshotReply", term, lastIncludedIndex, offset, installed: false };
}

/** The follower has all up to here. */
export function installed(term: number, lastIncludedIndex: number, offset = 0): RaftMessage {
  return { kind: "installSnapshotReply", term, lastIncludedIndex, offset, installed: true };
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function textOf(data: Uint8Array): string {
  return new TextDecoder().decode(data);
}

export function granted(term: number): RequestVoteReply {
  return { kind: "requestVoteReply", preVote: false, term, voteGranted: true };
}

export function refused(term: number): RequestVoteReply {
  return { kind: "requestVoteReply", preVote: false, term, voteGranted: false };
}

export function matching(term: number, matchIndex: number): AppendEntriesReply {
  return { kind: "appendEntriesReply", term, success: true, matchIndex, conflict: null };
}

/** The logs do not match; `conflict` is its term and index. Null: the request was of an old term. */
export function conflicting(term: number, conflict: readonly [number, number] | null): AppendEntriesReply {
  const at = conflict === null ? null : { term: conflict[0], index: conflict[1] };
  return { kind: "appendEntriesReply", term, success: false, matchIndex: 0, conflict: at };
}
