/**
 * A server's state (Figure 2) and the few ways in which it changes: terms, votes, roles, the election timeout, and
 * what of it must be on disk before anybody hears of it.
 */

import { assert, type Instant, type NodeId } from "../base/index.ts";
import {
  type Configuration,
  configurationOf,
  isConfiguration,
  isVoter,
  latestIn,
  type Placed,
  votersOf,
} from "./configuration.ts";
import { Damage } from "./damage.ts";
import { Lease } from "./lease.ts";
import { type Command, type Entry, RaftLog, type Snapshot } from "./log.ts";
import type { RaftOptions } from "./options.ts";
import { Outbox } from "./outbox.ts";
import type { Progress } from "./progress.ts";
import { isQuorum } from "./quorum.ts";
import type { RaftImage, RaftRecord } from "./storage.ts";

export type Role = "follower" | "candidate" | "leader";

export abstract class RaftState {
  readonly id: NodeId;
  protected readonly options: RaftOptions;
  /** Whom this server asks for votes and, as a leader, sends to. */
  protected peers: readonly NodeId[];

  // Persistent state. `save` tells which part of it this step has changed.
  currentTerm: number;
  votedFor: NodeId | null;
  readonly log: RaftLog;
  /** What stands in place of the log's compacted part; null while there is none. */
  snapshot: Snapshot | null;

  /** Who votes, by the latest configuration in the log; it is persistent because the log is. */
  configuration: Configuration;
  /** Where it stands in the log; the index of the snapshot that holds it, or 0 for the one that servers start with. */
  configurationIndex: number;
  private readonly initial: Configuration;

  // Volatile state.
  role: Role = "follower";
  commitIndex: number;
  lastApplied: number;
  /** Whom this server believes to lead its term; null if it does not know. */
  leaderId: NodeId | null = null;
  /** When a leader's last message came; the start of this life, while none has. */
  protected lastLeaderContact: Instant;
  deadline: Instant | null = null;

  // Volatile state of candidates and leaders, made anew for each election.
  protected votes = new Set<NodeId>();
  protected progress = new Map<NodeId, Progress>();
  /** Null where there are no leases. */
  protected readonly lease: Lease | null;

  protected now: Instant;
  protected readonly outbox = new Outbox();
  protected lastCall = 0;
  private firstCallOfRole = 1;

  /** What the disk has lost of the log. */
  protected readonly damage: Damage;
  /** The last index up to which this server's own log is on disk. */
  protected durableIndex: number;
  private hardStateChanged = false;
  /** The lowest log index that this step has written; null if none. */
  private writtenFrom: number | null = null;
  private snapshotChanged = false;
  /** For each write under way: its mark and the last log index that it makes durable. */
  private unsynced: { mark: number; lastIndex: number }[] = [];

  /** `image` is what the disk kept; `now` starts the first election timeout. */
  constructor(options: RaftOptions, image: RaftImage, now: Instant) {
    this.id = options.id;
    this.options = options;
    this.lease = options.lease === undefined ? null : new Lease(options.timing.electionTimeout);
    this.currentTerm = image.currentTerm;
    this.votedFor = image.votedFor;
    const { log, snapshot } = image;
    const entries = log.slice(log.snapshotIndex + 1, log.lastIndex);
    this.log = new RaftLog(entries, log.snapshotIndex, log.snapshotTerm);
    this.damage = new Damage(image.lost);
    this.snapshot = snapshot;
    this.initial = configurationOf(options.members);
    const placed = latestIn(entries, log.snapshotIndex + 1);
    this.configuration = placed?.configuration ?? snapshot?.configuration ?? this.initial;
    this.configurationIndex = placed?.index ?? log.snapshotIndex;
    this.peers = this.otherVoters();
    this.commitIndex = log.snapshotIndex;
    this.lastApplied = log.snapshotIndex;
    this.durableIndex = log.lastIndex;
    this.now = now;
    this.lastLeaderContact = now;
    this.resetElectionTimeout();
  }

  /** Whether leaders answer reads under a lease, and followers promise not to vote. */
  get hasLeases(): boolean {
    return this.lease !== null;
  }

  /** Some of its log is lost until a leader sends it again. */
  get isDamaged(): boolean {
    return !this.damage.isNone;
  }

  // --- Terms, votes and roles ---

  protected adoptTerm(term: number): void {
    assert(term > this.currentTerm, () => `term ${term} is not above ${this.currentTerm}`);
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

  protected changeRole(role: Role): void {
    this.role = role;
    this.votes = new Set();
    this.progress = new Map();
    this.firstCallOfRole = this.lastCall + 1;
    this.lease?.begin();
  }

  /** False for what this server asked in an earlier term or an earlier role: nobody waits for the answer any more. */
  protected isOfThisRole(call: number): boolean {
    return call >= this.firstCallOfRole;
  }

  /** Enough to elect a leader, or to confirm one. */
  protected isQuorum(who: ReadonlySet<NodeId>): boolean {
    return isQuorum(who, this.configuration);
  }

  /** A higher term was seen, or a leader of the own term: be a follower. */
  protected stepDown(term: number): void {
    if (term > this.currentTerm) this.adoptTerm(term);
    if (this.role === "follower") return;
    this.changeRole("follower");
    this.resetElectionTimeout();
  }

  protected resetElectionTimeout(): void {
    const timeout = this.options.timing.electionTimeout;
    this.deadline = this.now + timeout + this.options.random.below(timeout);
  }

  // --- The log and the disk ---

  protected append(entry: { readonly term: number; readonly command: Command }): void {
    this.log.append(entry);
    this.wrote(this.log.lastIndex);
    if (isConfiguration(entry.command)) this.useConfiguration(entry.command, this.log.lastIndex);
  }

  protected truncateFrom(index: number): void {
    if (index > this.log.lastIndex) return;
    this.log.truncateFrom(index);
    this.damage.forget((each) => each >= index);
    this.changedFrom(index);
  }

  /** A leader has sent what the disk had lost. */
  protected repair(index: number, entry: Entry): void {
    if (!this.damage.repair(index)) return;
    this.log.restore(index, entry);
    this.changedFrom(index);
    if (isConfiguration(entry.command) && index > this.configurationIndex)
      this.useConfiguration(entry.command, index);
  }

  private changedFrom(index: number): void {
    this.wrote(index);
    // A write under way may hold entries that have changed just now: they must not count as durable later.
    this.durableIndex = Math.min(this.durableIndex, index - 1);
    for (const write of this.unsynced) write.lastIndex = Math.min(write.lastIndex, index - 1);
    if (index <= this.configurationIndex) this.revertConfiguration();
  }

  /** A snapshot takes the place of the log up to its index. */
  protected adoptSnapshot(snapshot: Snapshot): void {
    this.log.replaceUpTo(snapshot.index, snapshot.term);
    this.damage.forget((index) => index <= snapshot.index || index > this.log.lastIndex);
    this.snapshot = snapshot;
    this.snapshotChanged = true;
    const isLater = this.configurationIndex > snapshot.index && this.configurationIndex <= this.log.lastIndex;
    if (!isLater) this.useConfiguration(snapshot.configuration ?? this.initial, snapshot.index);
    this.wrote(this.log.lastIndex + 1);
    this.durableIndex = Math.min(this.durableIndex, this.log.lastIndex);
    for (const write of this.unsynced) write.lastIndex = Math.min(write.lastIndex, this.log.lastIndex);
  }

  // --- The configuration ---

  /** Takes effect at once, committed or not: whoever waited for the commit would count by another one than the rest. */
  protected useConfiguration(configuration: Configuration, index: number): void {
    this.configurationIndex = index;
    if (configuration === this.configuration) return;
    this.configuration = configuration;
    this.peers = this.otherVoters();
  }

  /** The entry that it came from was cut off the log: back to the one before. */
  protected revertConfiguration(): void {
    const { configuration, index } = this.configurationAt(this.log.lastIndex);
    this.useConfiguration(configuration, index);
  }

  /** The configuration that is in effect when the log ends at this index. */
  protected configurationAt(index: number): Placed {
    const { configuration, configurationIndex, log, snapshot, initial } = this;
    if (configurationIndex <= index) return { configuration, index: configurationIndex };
    const found = latestIn(log.slice(log.snapshotIndex + 1, index), log.snapshotIndex + 1);
    return found ?? { configuration: snapshot?.configuration ?? initial, index: log.snapshotIndex };
  }

  /** What a snapshot says of it: null where it is the one that every server starts with. */
  protected configurationIn(index: number): Configuration | null {
    const { configuration } = this.configurationAt(index);
    return configuration === this.initial ? null : configuration;
  }

  protected otherVoters(): readonly NodeId[] {
    return votersOf(this.configuration).filter((voter) => voter !== this.id);
  }

  protected isMember(): boolean {
    return isVoter(this.configuration, this.id);
  }

  private wrote(index: number): void {
    this.writtenFrom = this.writtenFrom === null ? index : Math.min(this.writtenFrom, index);
  }

  /** Every write up to this mark is on disk. */
  protected becameDurable(mark: number): void {
    while (this.unsynced.length > 0 && this.unsynced[0]!.mark <= mark) {
      this.durableIndex = Math.max(this.durableIndex, this.unsynced.shift()!.lastIndex);
    }
  }

  /** What this step has changed of the persistent state; null if nothing. */
  protected save(): RaftRecord | null {
    if (!this.hardStateChanged && this.writtenFrom === null) return null;
    const lastIndex = this.log.lastIndex;
    const from = this.writtenFrom ?? lastIndex + 1;
    if (this.writtenFrom !== null) this.unsynced.push({ mark: this.outbox.mark + 1, lastIndex });
    this.hardStateChanged = false;
    this.writtenFrom = null;
    const snapshot = this.snapshotChanged ? this.snapshot : null;
    this.snapshotChanged = false;
    const entries = this.log.slice(from, lastIndex);
    return { currentTerm: this.currentTerm, votedFor: this.persistentVote(), snapshot, from, entries };
  }

  /** What the disk is told of this term's vote. */
  protected persistentVote(): NodeId | null {
    return this.votedFor;
  }
}
