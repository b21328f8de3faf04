/**
 * Sees what becomes of writes. A disk of its own, beside each server's, takes the same writes when they are said to be
 * durable; whatever differs from it is the server's omission or the real disk's lie.
 */

import type { NodeId } from "../../../src/base/index.ts";
import {
  LOST,
  type Raft,
  type RaftEffect,
  type RaftImage,
  RaftLog,
  type RaftMessage,
  type RaftRecord,
  type RequestVote,
  raftStorage,
} from "../../../src/raft/index.ts";
import type { Kept, LogEnd, Restarted } from "./deed.ts";
import { messagesIn } from "./outgoing.ts";
import { nowIn, type Scene } from "./scene.ts";

interface Write {
  readonly record: RaftRecord | null;
}

interface Shadow {
  image: RaftImage;
  /** Written, and not said to be durable. */
  pending: Write[];
  /** Of this life: said once is enough. */
  told: boolean;
  /** The last entry that others were told of; null if there is none any more. */
  promised: LogEnd | null;
}

/** What a message that waits for the disk promises. */
interface Pledge {
  readonly what: "entry" | "snapshot";
  readonly end: LogEnd;
}

interface Ballot {
  readonly candidateEnd: LogEnd;
  readonly ownEnd: LogEnd;
}

export class Disks {
  private readonly scene: Scene;
  private readonly shadows = new Map<NodeId, Shadow>();
  private readonly pledges = new WeakMap<RaftMessage, Pledge>();
  private readonly ballots = new WeakMap<RaftMessage, Ballot>();
  /** By voter and term: for whom, and in which life. */
  private readonly votes = new Map<string, { readonly candidate: NodeId; life: number | null }>();

  constructor(scene: Scene) {
    this.scene = scene;
  }

  started(id: NodeId): void {
    const { world } = this.scene.cluster;
    const real = world.image(id);
    const shadow = this.shadows.get(id);
    if (shadow !== undefined) this.restarted(id, shadow, real);
    this.shadows.set(id, { image: copyOf(real), pending: [], told: false, promised: endOf(real) });
  }

  /** The disk says that the oldest writes are durable. */
  synced(id: NodeId, count: number): void {
    const shadow = this.shadowOf(id);
    for (const { record } of shadow.pending.splice(0, count)) {
      if (record !== null) raftStorage.write(shadow.image, record);
    }
    // Of a server that was paused meanwhile the disk may be ahead of what it was told.
    if (shadow.pending.some(({ record }) => record !== null)) return;
    const lacks = differenceOf(this.scene.cluster.world.image(id), shadow.image);
    if (lacks !== null) this.tell(id, lacks, true);
  }

  afterStep(raft: Raft, effects: readonly RaftEffect[]): void {
    const shadow = this.shadowOf(raft.id);
    for (const effect of effects) {
      if (effect.kind === "persist") shadow.pending.push({ record: effect.record });
    }
    if (shadow.pending.length > 0) return;
    const lacks = differenceOf(shadow.image, raft);
    if (lacks !== null) this.tell(raft.id, lacks, false);
  }

  /** Its log is another one from this index on: what it promised there stands no more. */
  cut(id: NodeId, index: number): void {
    const shadow = this.shadowOf(id);
    if (shadow.promised !== null && shadow.promised.index >= index) shadow.promised = null;
  }

  /** This message, once it leaves, tells that everything up to an index is on the disk. */
  promise(message: RaftMessage, { log }: Raft, index: number, what: Pledge["what"]): void {
    const term = log.has(index) ? log.termAt(index) : 0;
    this.pledges.set(message, { what, end: { index, term } });
  }

  /** Of the vote among these effects: what was compared. */
  remember(effects: readonly RaftEffect[], request: RequestVote, ownEnd: LogEnd): void {
    const candidateEnd = { index: request.lastLogIndex, term: request.lastLogTerm };
    for (const message of messagesIn(effects)) {
      if (message.kind === "requestVoteReply") this.ballots.set(message, { candidateEnd, ownEnd });
    }
  }

  /** A message leaves. */
  sent(from: NodeId, to: NodeId, message: RaftMessage): void {
    switch (message.kind) {
      case "requestVote":
        if (!message.preVote) this.voted(from, from, message.term, null);
        break;
      case "requestVoteReply":
        if (message.voteGranted && !message.preVote)
          this.voted(from, to, message.term, this.ballots.get(message) ?? null);
        break;
      case "appendEntriesReply":
      case "installSnapshotReply":
        this.acknowledged(from, to, message);
        break;
      default:
    }
  }

  private acknowledged(from: NodeId, to: NodeId, message: RaftMessage & { readonly term: number }): void {
    const promise = this.pledges.get(message);
    if (promise === undefined) return;
    const { world } = this.scene.cluster;
    const { currentTerm, log } = world.image(from);
    const { what, end } = promise;
    // In a later term what a deposed leader sent may have been overwritten since.
    const isOnDisk = currentTerm > message.term || log.lastIndex >= end.index;
    const { index } = end;
    const at = nowIn(this.scene);
    const shadow = this.shadowOf(from);
    this.scene.deeds.push({
      kind: "acknowledged",
      at,
      by: from,
      to,
      index,
      what,
      onDisk: log.lastIndex,
      isOnDisk,
      isSaidToBe: shadow.image.log.lastIndex >= index,
    });
    const raft = this.scene.cluster.raft(from);
    if (raft === null || !raft.log.has(index) || raft.log.termAt(index) !== end.term) return;
    if (index > (shadow.promised?.index ?? 0)) shadow.promised = end;
  }

  private voted(voter: NodeId, candidate: NodeId, term: number, ballot: Ballot | null): void {
    const { world } = this.scene.cluster;
    const key = `${voter} ${term}`;
    const earlier = this.votes.get(key);
    const life = world.incarnation(voter);
    if (earlier === undefined) this.votes.set(key, { candidate, life });
    const image = world.image(voter);
    const shadow = this.shadowOf(voter);
    const isVote = (each: RaftRecord | RaftImage | null) =>
      each !== null && each.currentTerm === term && each.votedFor === candidate;
    const none = { index: 0, term: 0 };
    this.scene.deeds.push({
      kind: "voted",
      at: nowIn(this.scene),
      by: voter,
      candidate,
      term,
      candidateEnd: ballot?.candidateEnd ?? none,
      ownEnd: ballot?.ownEnd ?? none,
      earlier: earlier?.candidate ?? null,
      crashedSince: earlier !== undefined && earlier.life !== life,
      isOnDisk: image.currentTerm > term || isVote(image),
      isSaidToBe: isVote(shadow.image),
      isWritten: shadow.pending.some(({ record }) => isVote(record)),
      rotted: firstOf(this.scene.cluster.rotted(voter)),
    });
  }

  /** Up to where the disk has said that it holds this log. */
  heldUpTo({ id, log }: Raft): number {
    const stored = this.shadowOf(id).image.log;
    let index = Math.min(stored.lastIndex, log.lastIndex);
    while (
      index > Math.max(stored.snapshotIndex, log.snapshotIndex) &&
      stored.termAt(index) !== log.termAt(index)
    )
      index--;
    return index;
  }

  private restarted(id: NodeId, { image, pending, promised }: Shadow, real: RaftImage): void {
    const vote = this.votes.get(`${id} ${real.currentTerm}`);
    // It came back with its vote, so that no crash is to blame for another one.
    if (vote !== undefined && vote.candidate === real.votedFor)
      vote.life = this.scene.cluster.world.incarnation(id);
    // Where writes may be cut and entries rot, no whole number of writes need explain what is there.
    let inOrder = this.scene.cluster.disks !== "sound" || differenceOf(real, image) === null;
    for (const { record } of pending) {
      if (inOrder) break;
      if (record !== null) raftStorage.write(image, record);
      inOrder = differenceOf(real, image) === null;
    }
    const lost = promised === null || holds(real.log, promised) ? null : promised;
    const unseen = this.unseenBy(id);
    this.scene.deeds.push({ kind: "restarted", at: nowIn(this.scene), by: id, inOrder, lost, unseen });
  }

  private unseenBy(id: NodeId): Restarted["unseen"] {
    const { cluster } = this.scene;
    const raft = cluster.raft(id);
    if (raft === null) return null;
    for (const index of cluster.rotted(id)) {
      const isCut = index > raft.log.lastIndex;
      if (isCut || raft.log.entryAt(index).command !== LOST) return { index, isCut };
    }
    return null;
  }

  private tell(id: NodeId, lacks: Kept["lacks"], written: boolean): void {
    const shadow = this.shadowOf(id);
    if (shadow.told) return;
    shadow.told = true;
    this.scene.deeds.push({ kind: "kept", at: nowIn(this.scene), by: id, lacks, written });
  }

  private shadowOf(id: NodeId): Shadow {
    return this.shadows.get(id)!;
  }
}

function firstOf(indexes: ReadonlySet<number>): number | null {
  return indexes.size === 0 ? null : Math.min(...indexes);
}

type Persistent = Pick<RaftImage, "currentTerm" | "votedFor" | "snapshot" | "log">;

/** What the one lacks of the other. */
function differenceOf(has: Persistent, should: Persistent): Kept["lacks"] | null {
  if (has.currentTerm !== should.currentTerm) return "term";
  if (has.votedFor !== should.votedFor) return "vote";
  if (has.snapshot?.index !== should.snapshot?.index) return "snapshot";
  const [a, b] = [has.log, should.log];
  if (a.snapshotIndex !== b.snapshotIndex) return "snapshot";
  if (a.lastIndex !== b.lastIndex || a.lastTerm !== b.lastTerm) return "log";
  // An entry in the wrong place may have the right term.
  const isSame = a.lastIndex === a.snapshotIndex || a.entryAt(a.lastIndex) === b.entryAt(b.lastIndex);
  return isSame ? null : "log";
}

function copyOf({ currentTerm, votedFor, snapshot, log }: RaftImage): RaftImage {
  const entries = log.slice(log.snapshotIndex + 1, log.lastIndex);
  return {
    currentTerm,
    votedFor,
    snapshot,
    log: new RaftLog(entries, log.snapshotIndex, log.snapshotTerm),
  };
}

function endOf({ log }: RaftImage): LogEnd {
  return { index: log.lastIndex, term: log.lastTerm };
}

function holds(log: RaftLog, { index, term }: LogEnd): boolean {
  return index <= log.snapshotIndex || (index <= log.lastIndex && log.termAt(index) === term);
}
