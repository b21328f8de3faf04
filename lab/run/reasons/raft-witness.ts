/** Sees what Raft does: elections, logs, commits. Compares each step's both ends; nothing in the servers knows of it. */

import type { NodeId } from "../../../src/base/index.ts";
import {
  type AppendEntries,
  type AppendEntriesReply,
  type Configuration,
  type Entry,
  type InstallSnapshot,
  type InstallSnapshotReply,
  LOST,
  type Raft,
  type RaftEffect,
  type RaftInput,
  type RaftMessage,
  type RequestVote,
  type Role,
} from "../../../src/raft/index.ts";
import { durableAt, overestimated } from "../../oracles/index.ts";
import { clockToBlame } from "./clock-witness.ts";
import type { Elected, LogEnd } from "./deed.ts";
import type { Disks } from "./disk-witness.ts";
import type { LeaseWitness } from "./lease-witness.ts";
import type { MembershipWitness, Placed } from "./membership-witness.ts";
import { messagesIn } from "./outgoing.ts";
import { nowIn, type Scene } from "./scene.ts";
import type { RaftEyes } from "./watched.ts";

/** A server before a step. */
export interface Before {
  readonly term: number;
  readonly role: Role;
  readonly commitIndex: number;
  readonly lastApplied: number;
  readonly end: LogEnd;
  /** By its own log. */
  readonly placed: Placed;
  readonly learners: readonly NodeId[];
  readonly snapshotIndex: number;
  /** Its entries from `first` on, where the step may change them. */
  readonly first: number;
  readonly tail: readonly Entry[];
  /** The term of its entry at prevLogIndex, or at a snapshot's end; null if there is none, -1 if it is compacted. */
  readonly termThere: number | null;
}

export class RaftWitness implements RaftEyes<Before> {
  private readonly scene: Scene;
  private readonly disks: Disks;
  private readonly members: MembershipWitness;
  private readonly leases: LeaseWitness;
  /** By candidate and term: who was heard to vote for it. */
  private readonly voters = new Map<string, Set<NodeId>>();
  private readonly leaders = new Map<number, NodeId>();
  /** By server: the term that it leads; 0 if none. */
  private readonly offices = new Map<NodeId, number>();
  /** By leader, term and follower: up to where the follower has said that it holds the leader's log. */
  private readonly confirmed = new Map<string, number>();
  /** By leader and term: those of whom a wrong count was seen. */
  private readonly miscounts = new Set<string>();

  constructor(scene: Scene, disks: Disks, members: MembershipWitness, leases: LeaseWitness) {
    this.scene = scene;
    this.disks = disks;
    this.members = members;
    this.leases = leases;
  }

  before(raft: Raft, input: RaftInput): Before {
    const { log, currentTerm: term, role, commitIndex, lastApplied } = raft;
    const message = requestIn(input);
    const place =
      message?.kind === "appendEntries"
        ? message.prevLogIndex
        : message?.kind === "installSnapshot"
          ? message.lastIncludedIndex
          : input.kind === "compact"
            ? input.index
            : log.lastIndex;
    const first = Math.max(place, log.snapshotIndex) + 1;
    return {
      term,
      role,
      commitIndex,
      lastApplied,
      end: { index: log.lastIndex, term: log.lastTerm },
      placed: this.members.placedIn(raft),
      learners: raft.learners,
      snapshotIndex: log.snapshotIndex,
      first,
      tail: first <= log.lastIndex ? log.slice(first, log.lastIndex) : [],
      termThere: place < log.snapshotIndex ? -1 : log.has(place) ? log.termAt(place) : null,
    };
  }

  after(raft: Raft, input: RaftInput, effects: readonly RaftEffect[], before: Before): void {
    this.disks.afterStep(raft, effects);
    this.hear(raft, input);
    this.seeElection(raft, effects, before.placed);
    if (raft.role === "leader") this.seeCount(raft);
    const message = requestIn(input);
    if (message?.kind === "appendEntries") this.seeFollowing(raft, message, effects, before);
    if (message?.kind === "installSnapshot") this.seeInstalling(raft, message, effects, before);
    if (input.kind === "compact") this.seeCompacting(raft, input.index, before);
    if (message?.kind === "requestVote") this.disks.remember(effects, message, before.end);
    // Whoever commits that it is removed leaves with the same step.
    if (before.role === "leader" && raft.currentTerm === before.term && raft.commitIndex > before.commitIndex)
      this.seeCommit(raft, before);
    this.members.after(raft, before);
    this.seeGoingBack(raft, message?.kind ?? input.kind, before);
  }

  gaveUp(raft: Raft): void {
    this.seeElection(raft, [], this.members.placedIn(raft));
  }

  /** A server that has started leads nobody. */
  restarted(id: NodeId): void {
    this.offices.delete(id);
  }

  private hear(raft: Raft, input: RaftInput): void {
    if (input.kind !== "reply") return;
    const { from, payload } = input;
    if (payload.kind === "requestVoteReply") {
      if (payload.voteGranted && !payload.preVote) this.votersOf(raft.id, payload.term).add(from);
    } else if (payload.kind === "appendEntriesReply") {
      if (payload.success) this.confirm(raft.id, payload.term, from, payload.matchIndex);
    } else if (payload.kind === "installSnapshotReply") {
      if (payload.installed) this.confirm(raft.id, payload.term, from, payload.lastIncludedIndex);
    }
  }

  private confirm(leader: NodeId, term: number, from: NodeId, index: number): void {
    const key = `${leader} ${term} ${from}`;
    this.confirmed.set(key, Math.max(index, this.confirmed.get(key) ?? 0));
  }

  private seeCount(raft: Raft): void {
    const { cluster } = this.scene;
    const { id, currentTerm: term } = raft;
    const office = `${id} ${term}`;
    if (this.miscounts.has(office)) return;
    const server = overestimated(raft, cluster.serverIds, (each) => cluster.world.image(each));
    if (server === null) return;
    this.miscounts.add(office);
    const index = raft.matchIndexOf(server);
    const known =
      server === id ? this.disks.heldUpTo(raft) : (this.confirmed.get(`${office} ${server}`) ?? 0);
    this.scene.deeds.push({ kind: "counted", at: nowIn(this.scene), by: id, term, server, index, known });
  }

  private seeElection(raft: Raft, effects: readonly RaftEffect[], { configuration }: Placed): void {
    for (const message of messagesIn(effects)) {
      if (message.kind === "requestVote" && !message.preVote)
        this.votersOf(raft.id, message.term).add(raft.id);
    }
    // Who is alone asks nobody.
    if (raft.role !== "follower" && raft.votedFor === raft.id && isAlone(raft.id, configuration))
      this.votersOf(raft.id, raft.currentTerm).add(raft.id);
    const office = raft.role === "leader" ? raft.currentTerm : 0;
    if (office === (this.offices.get(raft.id) ?? 0)) return;
    this.offices.set(raft.id, office);
    if (office === 0) return;
    this.leases.elected();
    const first = this.leaders.get(office) ?? raft.id;
    this.leaders.set(office, first);
    this.scene.deeds.push({
      kind: "elected",
      at: nowIn(this.scene),
      by: raft.id,
      term: office,
      voters: [...this.votersOf(raft.id, office)],
      configuration,
      rival: first === raft.id ? null : first,
      lease: this.leaseBeside(office),
    });
  }

  private leaseBeside(term: number): Elected["lease"] {
    const { cluster } = this.scene;
    for (const holder of cluster.serverIds) {
      const raft = cluster.raft(holder);
      if (raft === null || raft.currentTerm >= term || !raft.holdsLease(cluster.world.clock(holder)))
        continue;
      return { holder, wrongClock: clockToBlame(this.scene, holder) };
    }
    return null;
  }

  private seeFollowing(
    raft: Raft,
    request: AppendEntries,
    effects: readonly RaftEffect[],
    before: Before,
  ): void {
    const reply = replyIn<AppendEntriesReply>(effects, "appendEntriesReply");
    if (reply === null) return;
    if (reply.success) this.disks.promise(reply, raft, reply.matchIndex, "entry");
    const { prevLogIndex, entries } = request;
    const cut = firstChange(raft, before);
    if (cut !== null) this.disks.cut(raft.id, cut);
    const sent = (index: number) => entries[index - prevLogIndex - 1];
    const indexes = entries.map((_, i) => prevLogIndex + 1 + i);
    const own = (index: number) => before.tail[index - before.first];
    const held = indexes.filter((index) => index > raft.log.snapshotIndex);
    this.scene.deeds.push({
      kind: "followed",
      at: nowIn(this.scene),
      by: raft.id,
      leader: request.leaderId,
      leaderTerm: request.term,
      ownTerm: before.term,
      prevLogIndex,
      prevLogTerm: request.prevLogTerm,
      ownPrevTerm: before.termThere,
      entries: entries.length,
      success: reply.success,
      matchIndex: reply.matchIndex,
      conflict:
        indexes.find((index) => (own(index)?.term ?? sent(index)!.term) !== sent(index)!.term) ?? null,
      cut,
      missing: reply.success ? (held.find((index) => !isAt(raft, index, sent(index)!)) ?? null) : null,
      lastBefore: before.end.index,
      lastIndex: raft.log.lastIndex,
      leaderCommit: request.leaderCommit,
      commitBefore: before.commitIndex,
      commitIndex: raft.commitIndex,
    });
  }

  private seeInstalling(
    raft: Raft,
    request: InstallSnapshot,
    effects: readonly RaftEffect[],
    before: Before,
  ): void {
    const reply = replyIn<InstallSnapshotReply>(effects, "installSnapshotReply");
    const isInstalled = raft.log.snapshotIndex !== before.snapshotIndex;
    if (reply?.installed) this.disks.promise(reply, raft, reply.lastIncludedIndex, "snapshot");
    if (!isInstalled && !reply?.installed) return;
    this.sawSnapshot(raft, before, {
      leader: request.leaderId,
      index: request.lastIncludedIndex,
      term: request.lastIncludedTerm,
      acknowledged: reply?.installed ?? false,
    });
  }

  private seeCompacting(raft: Raft, index: number, before: Before): void {
    if (raft.log.snapshotIndex === before.snapshotIndex) return;
    this.sawSnapshot(raft, before, {
      leader: null,
      index,
      term: before.termThere ?? 0,
      acknowledged: false,
    });
  }

  private sawSnapshot(
    raft: Raft,
    before: Before,
    of: { leader: NodeId | null; index: number; term: number; acknowledged: boolean },
  ): void {
    const { log } = raft;
    const held = before.termThere === of.term;
    if (log.lastIndex < before.end.index) this.disks.cut(raft.id, log.lastIndex + 1);
    this.scene.deeds.push({
      kind: "installed",
      at: nowIn(this.scene),
      by: raft.id,
      ...of,
      snapshotIndex: log.snapshotIndex,
      snapshotTerm: log.snapshotTerm,
      lastIndex: log.lastIndex,
      commitIndex: raft.commitIndex,
      lastApplied: raft.lastApplied,
      heldUpTo: held ? before.end.index : null,
    });
  }

  private seeCommit(raft: Raft, { placed, learners }: Before): void {
    const { cluster } = this.scene;
    const { commitIndex, currentTerm, log } = raft;
    this.scene.deeds.push({
      kind: "committed",
      at: nowIn(this.scene),
      by: raft.id,
      index: commitIndex,
      term: log.has(commitIndex) ? log.termAt(commitIndex) : 0,
      ownTerm: currentTerm,
      onDisks: durableAt(raft, cluster.serverIds, (id) => cluster.world.image(id)),
      configuration: placed.configuration,
      learners,
    });
  }

  private seeGoingBack(raft: Raft, input: string, before: Before): void {
    const pairs = [
      ["term", before.term, raft.currentTerm],
      ["commitIndex", before.commitIndex, raft.commitIndex],
      ["lastApplied", before.lastApplied, raft.lastApplied],
    ] as const;
    for (const [field, was, is] of pairs) {
      if (is >= was) continue;
      const at = nowIn(this.scene);
      this.scene.deeds.push({ kind: "wentBack", at, by: raft.id, field, before: was, after: is, input });
    }
  }

  private votersOf(candidate: NodeId, term: number): Set<NodeId> {
    const key = `${candidate} ${term}`;
    const known = this.voters.get(key) ?? new Set<NodeId>();
    this.voters.set(key, known);
    return known;
  }
}

function replyIn<Reply extends RaftMessage>(
  effects: readonly RaftEffect[],
  kind: Reply["kind"],
): Reply | null {
  return (messagesIn(effects).find((message) => message.kind === kind) as Reply | undefined) ?? null;
}

function requestIn(input: RaftInput): AppendEntries | InstallSnapshot | RequestVote | null {
  if (input.kind !== "request") return null;
  const { payload } = input;
  switch (payload.kind) {
    case "appendEntries":
    case "installSnapshot":
    case "requestVote":
      return payload;
    default:
      return null;
  }
}

function isAlone(id: NodeId, { voters, outgoing }: Configuration): boolean {
  return outgoing === null && voters.length === 1 && voters[0] === id;
}

/** The first index from which on the log is not what it was; what was lost and is there again was there all the time. */
function firstChange({ log }: Raft, { first, tail }: Before): number | null {
  for (const [i, entry] of tail.entries()) {
    const index = first + i;
    if (index <= log.snapshotIndex) continue;
    if (index > log.lastIndex) return index;
    const now = log.entryAt(index);
    const isRepaired = entry.command === LOST && now.term === entry.term;
    if (now !== entry && !isRepaired) return index;
  }
  return null;
}

function isAt({ log }: Raft, index: number, { term, command }: Entry): boolean {
  if (index > log.lastIndex) return false;
  const held = log.entryAt(index);
  if (held.term !== term) return false;
  // Through bytes, or from a disk that was read, the same command is another object.
  return held.command === command || JSON.stringify(held.command) === JSON.stringify(command);
}
