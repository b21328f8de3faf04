/** Sees what keeps a cluster from getting on: timers that do not run, votes withheld, followers that are not served. */

import type { Duration, Instant, NodeId } from "../../../src/base/index.ts";
import {
  type AppendEntries,
  type AppendEntriesReply,
  isQuorum,
  isVoter,
  LOST,
  type Raft,
  type RaftEffect,
  type RaftInput,
  type RequestVote,
  type RequestVoteReply,
} from "../../../src/raft/index.ts";
import type { MembershipWitness } from "./membership-witness.ts";
import { messagesIn } from "./outgoing.ts";
import { nowIn, type Scene } from "./scene.ts";

/** Before a step. */
export interface Waiting {
  readonly deadline: Instant | null;
  readonly term: number;
  readonly end: { readonly index: number; readonly term: number };
}

/** What a follower was sent by one leader in one term. */
interface Service {
  readonly leader: NodeId;
  readonly term: number;
  refusedAt: number;
  refusals: number;
  /** Since when it gets heartbeats and no entries, although it lacks some; null while it gets them. */
  emptySince: Instant | null;
  empty: number;
  /** When the latest messages came. */
  recent: Instant[];
  isTold: boolean;
}

/** An instant by the world's clock, and what the server's own showed then. */
interface Moment {
  readonly at: Instant;
  readonly shown: Instant;
}

/** So often in a row the same message was refused. */
const OFTEN = 8;

/** So many messages to one follower within a tenth of a second. */
const STORM = 150;
const STORM_WITHIN: Duration = 100_000;

/** So many terms in a row had several candidates and no leader. */
const SPLITS = 5;

export class ProgressWitness {
  private readonly scene: Scene;
  private readonly members: MembershipWitness;
  private readonly services = new Map<NodeId, Service>();
  /** By voter and term: it has voted. */
  private readonly cast = new Set<string>();
  /** By server: when this life of it began. */
  private readonly lives = new Map<NodeId, Moment>();
  /** By server: when a leader was last heard. */
  private readonly contact = new Map<NodeId, Moment>();
  /** By server: when each peer last answered anything. */
  private readonly heard = new Map<NodeId, Map<NodeId, Moment>>();
  /** By server: since when it leads, and since when it takes no proposals although it does. */
  private readonly leadingSince = new Map<NodeId, { term: number; since: Moment; refusing: Moment | null }>();
  private readonly candidates = new Map<number, Set<NodeId>>();
  private latestLed = 0;
  private isSplitTold = false;

  constructor(scene: Scene, members: MembershipWitness) {
    this.scene = scene;
    this.members = members;
  }

  started(id: NodeId): void {
    this.lives.set(id, this.momentOf(id));
    this.services.delete(id);
    this.contact.delete(id);
    this.heard.delete(id);
    this.leadingSince.delete(id);
  }

  before({ deadline, currentTerm, log }: Raft): Waiting {
    return { deadline, term: currentTerm, end: { index: log.lastIndex, term: log.lastTerm } };
  }

  after(raft: Raft, input: RaftInput, effects: readonly RaftEffect[], before: Waiting): void {
    const messages = messagesIn(effects);
    for (const message of messages) {
      if (message.kind === "requestVote" && !message.preVote) this.stands(raft.id, message.term);
    }
    if (input.kind === "reply") this.heardBy(raft.id).set(input.from, this.momentOf(raft.id));
    if (input.kind === "request" && input.payload.kind === "requestVote") {
      const reply = messages.find((each): each is RequestVoteReply => each.kind === "requestVoteReply");
      if (reply !== undefined) this.seeVote(raft, input.payload, reply, before);
    }
    if (input.kind === "request" && input.payload.kind === "appendEntries") {
      const reply = messages.find((each): each is AppendEntriesReply => each.kind === "appendEntriesReply");
      if (reply !== undefined) this.seeService(raft, input.payload, reply, before);
    }
    if (
      input.kind === "request" &&
      input.payload.kind === "installSnapshot" &&
      input.payload.term >= before.term
    )
      this.contact.set(raft.id, this.momentOf(raft.id));
    this.seeOffice(raft);
  }

  /** The run is over: what the servers wait for now. */
  ended(): void {
    const { cluster } = this.scene;
    const at = nowIn(this.scene);
    for (const id of cluster.serverIds) {
      const raft = cluster.raft(id);
      if (raft === null || cluster.world.condition(id) !== "up") continue;
      const office = this.leadingSince.get(id);
      this.scene.deeds.push({
        kind: "standing",
        at,
        by: id,
        role: raft.role,
        term: raft.currentTerm,
        hasTimer: raft.deadline !== null,
        quorumSilentFor: office === undefined ? 0 : this.silenceFor(raft, office.since),
        refusingFor: office?.refusing == null ? 0 : this.passedFor(id, office.refusing),
        electionTimeout: cluster.settings.timing.electionTimeout,
        checksQuorum: cluster.settings.features.checkQuorum,
      });
    }
  }

  /** How long ago it last heard from so many that they are a quorum with it; since it leads, at most. */
  private silenceFor(raft: Raft, since: Moment): Duration {
    const { id } = raft;
    const { configuration } = this.members.placedIn(raft);
    const heard = [...this.heardBy(id)].filter(([, { at }]) => at >= since.at);
    heard.sort(([, a], [, b]) => b.at - a.at);
    const who = new Set([id]);
    let oldest: Moment | null = null;
    for (const [peer, moment] of heard) {
      if (isQuorum(who, configuration)) break;
      who.add(peer);
      oldest = moment;
    }
    if (!isQuorum(who, configuration)) oldest = since;
    // Whoever was counted before the members changed may be none of them now.
    const counting = nowIn(this.scene) - this.members.toldSince(raft);
    return oldest === null ? 0 : Math.min(this.passedFor(id, oldest), counting);
  }

  private momentOf(id: NodeId): Moment {
    return { at: nowIn(this.scene), shown: this.scene.cluster.world.clock(id) };
  }

  /** By its own clock, which it reckons by. */
  private shownFor(id: NodeId, { shown }: Moment): Duration {
    return this.scene.cluster.world.clock(id) - shown;
  }

  /** By the world's clock and by its own: a clock that jumps proves nothing. */
  private passedFor(id: NodeId, moment: Moment): Duration {
    return Math.min(nowIn(this.scene) - moment.at, this.shownFor(id, moment));
  }

  private stands(id: NodeId, term: number): void {
    this.cast.add(`${id} ${term}`);
    const rivals = this.candidates.get(term) ?? new Set();
    this.candidates.set(term, rivals.add(id));
    const terms = Array.from({ length: SPLITS }, (_, i) => term - 1 - i);
    const isSplit = terms.every(
      (each) => each > this.latestLed && (this.candidates.get(each)?.size ?? 0) > 1,
    );
    if (!isSplit || this.isSplitTold) return;
    this.isSplitTold = true;
    this.scene.deeds.push({ kind: "split", at: nowIn(this.scene), by: id, terms: SPLITS, last: term - 1 });
  }

  private seeVote(raft: Raft, request: RequestVote, reply: RequestVoteReply, before: Waiting): void {
    const { id } = raft;
    if (reply.voteGranted) {
      const vote = `${id} ${request.term}`;
      // To say again how one has voted is nothing new.
      if (!request.preVote && !this.cast.has(vote)) this.seeGrant(raft, request);
      if (!request.preVote) this.cast.add(vote);
      return;
    }
    const { end } = before;
    const { lastLogTerm, lastLogIndex } = request;
    const isUpToDate = lastLogTerm === end.term ? lastLogIndex >= end.index : lastLogTerm > end.term;
    const contact = this.contact.get(id) ?? null;
    const { electionTimeout } = this.scene.cluster.settings.timing;
    this.scene.deeds.push({
      kind: "refused",
      at: nowIn(this.scene),
      by: id,
      candidate: request.candidateId,
      term: request.term,
      ownTerm: raft.currentTerm,
      role: raft.role,
      preVote: request.preVote,
      isUpToDate,
      hasVoted: this.cast.has(`${id} ${request.term}`) || raft.leaderId !== null,
      isDamaged: hasLost(raft),
      isBound: this.isBound(raft, request, electionTimeout),
      isStranger: !isVoter(this.members.placedIn(raft).configuration, request.candidateId),
      leaderSilentFor: contact === null ? null : this.shownFor(id, contact),
      electionTimeout,
    });
  }

  private seeGrant(raft: Raft, request: RequestVote): void {
    const { id } = raft;
    const { electionTimeout } = this.scene.cluster.settings.timing;
    if (!this.isBound(raft, request, electionTimeout)) return;
    const contact = this.contact.get(id);
    this.scene.deeds.push({
      kind: "granted",
      at: nowIn(this.scene),
      by: id,
      candidate: request.candidateId,
      term: request.term,
      passed: this.shownFor(id, contact ?? this.lives.get(id)!),
      since: contact === undefined ? "start" : "leader",
      electionTimeout,
    });
  }

  /** Thesis, section 6.4.1. Whoever has just started may have promised anything. */
  private isBound({ id, hasLeases }: Raft, { handover }: RequestVote, length: Duration): boolean {
    const since = this.contact.get(id) ?? this.lives.get(id);
    return hasLeases && handover !== true && since !== undefined && this.shownFor(id, since) < length;
  }

  private seeService(raft: Raft, request: AppendEntries, reply: AppendEntriesReply, before: Waiting): void {
    const now = nowIn(this.scene);
    const { id } = raft;
    if (request.term < before.term) {
      const moved =
        raft.role !== "leader" && (raft.deadline ?? 0) > (before.deadline ?? Number.POSITIVE_INFINITY);
      if (!moved || reply.success) return;
      const { leaderId: leader, term: leaderTerm } = request;
      this.scene.deeds.push({ kind: "waited", at: now, by: id, leader, leaderTerm, ownTerm: before.term });
      return;
    }
    this.contact.set(id, this.momentOf(id));
    const service = this.serviceOf(id, request);
    service.recent.push(now);
    while (service.recent[0]! < now - STORM_WITHIN) service.recent.shift();
    this.seeRefusals(service, request, reply);
    this.seeHeartbeats(service, request, now);
    const wrong =
      service.recent.length >= STORM
        ? "storm"
        : service.refusals >= OFTEN
          ? "repeats"
          : this.isStarved(service, now)
            ? "starves"
            : null;
    if (wrong === null || service.isTold) return;
    service.isTold = true;
    const times = { storm: service.recent.length, repeats: service.refusals, starves: service.empty }[wrong];
    this.scene.deeds.push({
      kind: "served",
      at: now,
      by: service.leader,
      follower: id,
      how: wrong,
      times,
      prevLogIndex: request.prevLogIndex,
    });
  }

  private seeRefusals(service: Service, request: AppendEntries, reply: AppendEntriesReply): void {
    const isSame = !reply.success && reply.conflict !== null && request.prevLogIndex >= service.refusedAt;
    service.refusals = reply.success || reply.conflict === null ? 0 : isSame ? service.refusals + 1 : 1;
    service.refusedAt = request.prevLogIndex;
  }

  private seeHeartbeats(service: Service, { entries, prevLogIndex }: AppendEntries, now: Instant): void {
    const leader = this.scene.cluster.raft(service.leader);
    const lacks =
      leader !== null && leader.currentTerm === service.term && leader.log.lastIndex > prevLogIndex;
    if (entries.length > 0 || !lacks) {
      service.emptySince = null;
      service.empty = 0;
    } else {
      service.emptySince ??= now;
      service.empty++;
    }
  }

  private isStarved({ emptySince, empty }: Service, now: Instant): boolean {
    const { electionTimeout } = this.scene.cluster.settings.timing;
    return emptySince !== null && empty >= OFTEN && now - emptySince > 4 * electionTimeout;
  }

  private seeOffice(raft: Raft): void {
    const { id, role, currentTerm: term } = raft;
    if (role !== "leader") {
      this.leadingSince.delete(id);
      return;
    }
    this.latestLed = Math.max(this.latestLed, term);
    const now = this.momentOf(id);
    const known = this.leadingSince.get(id);
    const office = known?.term === term ? known : { term, since: now, refusing: null };
    office.refusing = raft.acceptsProposals ? null : (office.refusing ?? now);
    this.leadingSince.set(id, office);
  }

  private serviceOf(id: NodeId, { leaderId: leader, term }: AppendEntries): Service {
    const known = this.services.get(id);
    if (known?.leader === leader && known.term === term) return known;
    const fresh: Service = {
      leader,
      term,
      refusedAt: Number.POSITIVE_INFINITY,
      refusals: 0,
      emptySince: null,
      empty: 0,
      recent: [],
      isTold: false,
    };
    this.services.set(id, fresh);
    return fresh;
  }

  private heardBy(id: NodeId): Map<NodeId, Moment> {
    const known = this.heard.get(id) ?? new Map<NodeId, Moment>();
    this.heard.set(id, known);
    return known;
  }
}

function hasLost({ log, isDamaged }: Raft): boolean {
  return isDamaged && log.slice(log.snapshotIndex + 1, log.lastIndex).some(({ command }) => command === LOST);
}
