/**
 * Sometimes-marks: situations that a run should get into now and then. An invariant that holds says little if the
 * hard situations never came up, so a sweep counts them, and one that it never reached is a hole in the lab.
 */

import { type Duration, type Instant, MILLISECOND, type NodeId } from "../../src/base/index.ts";
import type { ClerkReply, Command, Ending, KvMessage } from "../../src/kv/index.ts";
import type { Raft } from "../../src/raft/index.ts";
import type { Cluster, Sight, Watcher } from "../cluster/index.ts";
import type { Observer } from "../sim/index.ts";
import { DiskMarks, MISHAPS } from "./disk-marks.ts";
import { LEASES, LeaseMarks } from "./lease-marks.ts";
import { MEMBERSHIP_MARKS, MembershipMarks } from "./membership-marks.ts";
import { OVERWRITES, Overwrites } from "./overwrites.ts";

/** All of them: files know them by these numbers. */
export const MARKS = [
  "an election begins",
  "an election ends without a winner",
  "two servers campaign in one term",
  "a leader is elected",
  "a candidate yields to the winner of its term",
  "a candidate learns of a later term",
  "a pre-vote is granted",
  "a pre-vote is refused",
  "a pre-vote is refused for the leader's sake",
  "a vote is refused",
  "two servers believe to lead",
  "a leader is deposed by a later term",
  "a leader without a quorum steps down",
  "a new leader inherits uncommitted entries",
  "an entry of an earlier term is committed by one of the own",
  "several entries are committed at once",
  "several entries leave in one message",
  "several AppendEntries are under way",
  "entries are sent again",
  "a deposed leader is told of the later term",
  "a follower's log is too short",
  "a follower's log conflicts",
  "a follower's log is cut",
  "an old AppendEntries arrives after a newer one",
  ...OVERWRITES,
  "a leader compacts its log",
  "a snapshot is sent",
  "a snapshot takes several messages",
  "a snapshot is installed",
  "an old snapshot arrives and changes nothing",
  "entries after an installed snapshot are kept",
  "a server restarts from its log",
  "a server restarts from a snapshot",
  "a server restarts from a snapshot without newer entries",
  "a crash loses entries that were not synced",
  "the leader crashes",
  "a candidate crashes",
  "the leader crashes with uncommitted entries",
  "the leader crashes right after an answer",
  "the leader is paused",
  "a leader wakes from its pause deposed",
  "a clerk retries",
  "a clerk retries at another server",
  "a clerk follows a hint",
  "a clerk is turned away without a hint",
  "a retry gets the stored answer",
  "an old request is superseded",
  "a waiting client is sent away",
  "a deposed leader is asked for a read",
  "a client crashes and comes back",
  "a client gives up and goes on in a new session",
  "an opening is retried into a second session",
  "a session ends to make room for another",
  "a request of an ended session is turned down",
  "a deposed leader is elected again",
  "an old request enters the log again",
  ...MEMBERSHIP_MARKS,
  ...LEASES,
  ...MISHAPS,
] as const;

export type Mark = (typeof MARKS)[number];

/** A crash that comes so soon after an answer is its doing, as far as its client can tell. */
const RIGHT_AFTER: Duration = MILLISECOND;

export class Marks implements Observer<KvMessage, unknown>, Watcher {
  private readonly cluster: Cluster;
  private readonly clients: ReadonlySet<NodeId>;
  private readonly reached = new Map(MARKS.map((mark) => [mark, { times: 0 }]));
  /** Of servers: what was seen after the latest step that changed anything. */
  private readonly seen = new Map<NodeId, Sight>();
  /** By follower: whose latest AppendEntries has no answer yet, and its first entry. */
  private readonly streams = new Map<NodeId, { readonly leader: NodeId; readonly first: number }>();
  /** By client: its latest request, and whom it asked. An opening counts as request 0 of the clerk's name. */
  private readonly asked = new Map<NodeId, { session: number | string; request: number; of: NodeId }>();
  /** By clerk's name: the session that was opened under it. */
  private readonly opened = new Map<string, number>();
  private readonly answered = new Set<string>();
  /** By session: the latest of its requests in the log, and where it was last looked for. */
  private readonly entered = new Map<number, number>();
  private enteredUpTo = 0;
  /** Who has led, in this life. */
  private readonly leaders = new WeakSet<Raft>();
  /** By server: the latest ending of a session there. */
  private readonly endings = new Map<NodeId, Ending>();
  private readonly clientCrashes = new Set<NodeId>();
  /** By server: when it has answered an operation for the last time. */
  private readonly answeredAt = new Map<NodeId, Instant>();
  /** By follower: what it has acknowledged in this term. */
  private readonly acknowledged = new Map<NodeId, { readonly term: number; index: number }>();
  private readonly overwrites: Overwrites;
  /** Null where members stay, where there are no leases, and where disks are sound. */
  private readonly membership: MembershipMarks | null;
  private readonly leases: LeaseMarks | null;
  private readonly disks: DiskMarks | null;

  constructor(cluster: Cluster) {
    this.cluster = cluster;
    const reach = (mark: Mark) => this.reach(mark);
    this.overwrites = new Overwrites(cluster, reach);
    this.membership = cluster.fixedSize === null ? new MembershipMarks(cluster, reach) : null;
    this.leases = cluster.settings.reads === "lease" ? new LeaseMarks(cluster, reach) : null;
    this.disks = cluster.disks === "sound" ? null : new DiskMarks(cluster, reach);
    this.clients = new Set(cluster.clientIds);
  }

  /** How often each mark was reached, in the order of MARKS. */
  counts(): Readonly<Record<string, number>> {
    for (const [mark, times] of this.membership?.refusals() ?? []) this.reached.get(mark)!.times = times;
    return Object.fromEntries(Array.from(this.reached, ([mark, { times }]) => [mark, times]));
  }

  changed(id: NodeId, before: Sight, now: Sight): void {
    this.seen.set(id, now);
    this.overwrites.changed(id, before, now);
    this.membership?.changed(id, before, now);
    this.disks?.changed(id, before, now);
    if (now.raft === null) this.crashed(id, before);
    else if (before.raft !== now.raft) this.restarted(id, before, now);
    else this.stateChanged(id, before, now);
  }

  turned(id: NodeId): void {
    if (!this.clients.has(id)) return;
    if (this.cluster.world.condition(id) === "down") this.clientCrashes.add(id);
    else if (this.clientCrashes.delete(id)) this.reach("a client crashes and comes back");
  }

  sent(from: NodeId, to: NodeId, payload: KvMessage): void {
    this.membership?.sent(from, to, payload);
    this.leases?.sent(from, to, payload);
    this.disks?.sent(from, payload);
    switch (payload.kind) {
      case "requestVoteReply":
        if (payload.preVote) this.preVote(from, payload.voteGranted);
        else if (!payload.voteGranted) this.reach("a vote is refused");
        break;
      case "appendEntries":
        this.appendEntries(from, to, payload.prevLogIndex + 1, payload.entries.length);
        break;
      case "appendEntriesReply":
        if (this.streams.get(from)?.leader === to) this.streams.delete(from);
        if (payload.success) this.acknowledges(from, to, payload.term, payload.matchIndex);
        else if (payload.conflict === null) this.reach("a deposed leader is told of the later term");
        else if (payload.conflict.term === 0) this.reach("a follower's log is too short");
        else this.reach("a follower's log conflicts");
        break;
      case "installSnapshot":
        this.reach("a snapshot is sent");
        if (payload.offset > 0) this.reach("a snapshot takes several messages");
        break;
      case "installSnapshotReply":
        if (payload.installed) this.installed(from, payload.lastIncludedIndex, payload.offset);
        break;
      case "clerkRequest":
        this.clerkAsks(from, to, payload.session, payload.request);
        if (payload.operation.kind === "get" && this.leadsNoMore(to))
          this.reach("a deposed leader is asked for a read");
        break;
      case "openSession":
        this.clerkOpens(from, payload.clerk);
        this.clerkAsks(from, to, payload.clerk, 0);
        break;
      case "result":
      case "notLeader":
      case "superseded":
      case "expired":
        this.serverAnswers(from, to, payload);
        break;
    }
  }

  // --- Servers ---

  private stateChanged(id: NodeId, before: Sight, now: Sight): void {
    if (before.role !== now.role || before.term !== now.term) this.roleChanged(id, before, now);
    if (now.paused && !before.paused && now.role === "leader") this.reach("the leader is paused");
    if (!now.paused && before.paused && now.role === "leader" && this.othersLeadLater(id, now.term)) {
      this.reach("a leader wakes from its pause deposed");
    }
    if (now.lastIndex < before.lastIndex) this.reach("a follower's log is cut");
    // A follower's may have come from its leader; a leader's is its own.
    if (now.snapshotIndex > before.snapshotIndex && now.role === "leader")
      this.reach("a leader compacts its log");
    if (now.commitIndex > before.commitIndex) this.committed(before, now);
    if (now.lastApplied > before.lastApplied) this.applied(id);
  }

  private applied(id: NodeId): void {
    const ending = this.cluster.sessions(id)?.lastEnding ?? null;
    if (ending === null || ending === this.endings.get(id)) return;
    this.endings.set(id, ending);
    this.reach("a session ends to make room for another");
  }

  private committed(before: Sight, now: Sight): void {
    if (now.commitIndex > before.commitIndex + 1) this.reach("several entries are committed at once");
    const { log } = now.raft!;
    const first = before.commitIndex + 1;
    if (now.role === "leader" && first > log.snapshotIndex && log.termAt(first) < now.term) {
      this.reach("an entry of an earlier term is committed by one of the own");
    }
    for (let index = Math.max(first, log.snapshotIndex + 1); index <= now.commitIndex; index++) {
      const { term, command } = log.entryAt(index);
      this.sessionOpened(index, command as Command);
      this.requestEntered(index, command as Command);
      this.overwrites.committed(index, term);
    }
  }

  private sessionOpened(index: number, command: Command): void {
    if (command.kind !== "open") return;
    const known = this.opened.get(command.clerk) ?? index;
    if (known !== index) this.reach("an opening is retried into a second session");
    this.opened.set(command.clerk, index);
  }

  private requestEntered(index: number, command: Command): void {
    if (index <= this.enteredUpTo) return;
    this.enteredUpTo = index;
    if (command.kind !== "operation") return;
    const { session, request } = command;
    const latest = this.entered.get(session) ?? 0;
    if (request < latest) this.reach("an old request enters the log again");
    else this.entered.set(session, request);
  }

  private installed(id: NodeId, index: number, bytes: number): void {
    if (bytes === 0) {
      this.reach("an old snapshot arrives and changes nothing");
      return;
    }
    this.reach("a snapshot is installed");
    const log = this.cluster.raft(id)?.log;
    if (log !== undefined && log.lastIndex > index)
      this.reach("entries after an installed snapshot are kept");
  }

  private roleChanged(id: NodeId, before: Sight, now: Sight): void {
    const later = now.term > before.term;
    if (now.role === "candidate") {
      this.reach("an election begins");
      if (this.others(id).some((raft) => raft.role === "candidate" && raft.currentTerm === now.term))
        this.reach("two servers campaign in one term");
      if (before.role === "candidate") this.reach("an election ends without a winner");
    } else if (now.role === "leader") {
      this.reach("a leader is elected");
      if (this.leaders.has(now.raft!)) this.reach("a deposed leader is elected again");
      this.leaders.add(now.raft!);
      if (now.lastIndex > now.commitIndex) this.reach("a new leader inherits uncommitted entries");
      if (this.others(id).some((raft) => raft.role === "leader")) this.reach("two servers believe to lead");
    } else if (before.role === "candidate") {
      this.reach(
        later ? "a candidate learns of a later term" : "a candidate yields to the winner of its term",
      );
    } else if (before.role === "leader") {
      this.reach(later ? "a leader is deposed by a later term" : "a leader without a quorum steps down");
    }
  }

  private preVote(voter: NodeId, granted: boolean): void {
    this.reach(granted ? "a pre-vote is granted" : "a pre-vote is refused");
    if (!granted && (this.cluster.raft(voter)?.leaderId ?? null) !== null)
      this.reach("a pre-vote is refused for the leader's sake");
  }

  private acknowledges(follower: NodeId, leader: NodeId, term: number, index: number): void {
    const latest = this.acknowledged.get(follower);
    if (latest === undefined || latest.term !== term) this.acknowledged.set(follower, { term, index });
    else if (index < latest.index) this.reach("an old AppendEntries arrives after a newer one");
    else latest.index = index;
    // Mostly it is about what is committed already, or of the leader's own term.
    const sight = this.seen.get(leader);
    if (sight?.role === "leader" && sight.commitIndex < index && sight.lastIndex >= index)
      this.overwrites.acknowledged(sight.raft!, index);
  }

  private crashed(id: NodeId, before: Sight): void {
    if (before.role === "candidate") this.reach("a candidate crashes");
    if (before.role !== "leader") return;
    this.reach("the leader crashes");
    if (before.lastIndex > before.commitIndex) this.reach("the leader crashes with uncommitted entries");
    const answeredAt = this.answeredAt.get(id) ?? Number.NEGATIVE_INFINITY;
    if (this.cluster.world.now - answeredAt <= RIGHT_AFTER)
      this.reach("the leader crashes right after an answer");
  }

  private restarted(id: NodeId, before: Sight, now: Sight): void {
    if (this.cluster.world.incarnation(id) === 0) return;
    if (now.snapshotIndex === 0) this.reach("a server restarts from its log");
    else if (now.lastIndex > now.snapshotIndex) this.reach("a server restarts from a snapshot");
    else this.reach("a server restarts from a snapshot without newer entries");
    if (now.lastIndex < before.lastIndex) this.reach("a crash loses entries that were not synced");
  }

  private appendEntries(leader: NodeId, follower: NodeId, first: number, count: number): void {
    if (count === 0) return;
    if (count > 1) this.reach("several entries leave in one message");
    const latest = this.streams.get(follower);
    if (latest?.leader === leader) {
      this.reach(first <= latest.first ? "entries are sent again" : "several AppendEntries are under way");
    }
    this.streams.set(follower, { leader, first });
  }

  private others(id: NodeId): readonly Raft[] {
    return this.cluster.serverIds.flatMap((other) => (other === id ? [] : (this.cluster.raft(other) ?? [])));
  }

  /** It believes to lead, and another one does. */
  private leadsNoMore(id: NodeId): boolean {
    const sight = this.seen.get(id);
    return sight?.role === "leader" && this.othersLeadLater(id, sight.term);
  }

  private othersLeadLater(id: NodeId, term: number): boolean {
    for (const [other, seen] of this.seen)
      if (other !== id && seen.role === "leader" && seen.term > term) return true;
    return false;
  }

  // --- Clients ---

  private clerkAsks(from: NodeId, to: NodeId, session: number | string, request: number): void {
    const latest = this.asked.get(from);
    if (latest?.session === session && latest.request === request) {
      this.reach("a clerk retries");
      if (latest.of !== to) this.reach("a clerk retries at another server");
    }
    this.asked.set(from, { session, request, of: to });
  }

  private clerkOpens(from: NodeId, clerk: string): void {
    const latest = this.asked.get(from);
    // Names end in the number of operations that the client has given up on.
    if (latest !== undefined && latest.session !== clerk && !clerk.endsWith(".0")) {
      this.reach("a client gives up and goes on in a new session");
    }
  }

  private serverAnswers(from: NodeId, to: NodeId, payload: ClerkReply): void {
    if (payload.kind === "superseded") this.reach("an old request is superseded");
    else if (payload.kind === "expired") this.reach("a request of an ended session is turned down");
    else if (payload.kind === "notLeader") {
      this.reach(payload.hint === null ? "a clerk is turned away without a hint" : "a clerk follows a hint");
      const before = this.seen.get(from);
      const raft = this.cluster.raft(from);
      // It led when it took the request, and has left office in the step that answers.
      if (before?.role === "leader" && (raft?.role !== "leader" || raft.currentTerm !== before.term)) {
        this.reach("a waiting client is sent away");
      }
    } else if (payload.kind === "result") {
      this.answeredAt.set(from, this.cluster.world.now);
      const answer = `${this.asked.get(to)?.session} ${payload.request}`;
      if (this.answered.has(answer)) this.reach("a retry gets the stored answer");
      this.answered.add(answer);
    }
  }

  private reach(mark: Mark): void {
    this.reached.get(mark)!.times++;
  }
}
