/**
 * What must hold at every event, whatever the clients saw: checking histories alone misses most elections that went
 * wrong. Figure 3 of the paper, what follows from Figure 2 for two consecutive states of one server, the durability
 * law, and that sessions end everywhere alike. The first invariant that breaks ends the run.
 */

import type { Instant, NodeId } from "../../src/base/index.ts";
import type { KvMessage, Sessions } from "../../src/kv/index.ts";
import { isQuorum, type Raft, type RaftImage } from "../../src/raft/index.ts";
import type { Clocks, Sight, WatchedServers, Watcher } from "../cluster/index.ts";
import type { Observer } from "../sim/index.ts";
import { Agreement } from "./agreement.ts";
import { Configurations } from "./configurations.ts";
import { durableAt, overestimated } from "./durable.ts";
import { States } from "./states.ts";
import type { Violation } from "./violation.ts";

export interface RaftServers extends WatchedServers {
  /** Who votes at first; everybody, if not said. */
  readonly founders?: readonly NodeId[];
  readonly world: WatchedServers["world"] & {
    readonly now: Instant;
    image(id: NodeId): RaftImage;
    /** What its own clock shows. Asked only where there are leases. */
    clock?(id: NodeId): Instant;
  };
  /** What has rotted on a server's disk, and nobody has repaired; nothing, if not said. */
  rotted?(id: NodeId): ReadonlySet<number>;
  /** How far clocks may be trusted; perfectly, if that is not said. */
  readonly clocks?: Clocks;
  /** Those of the KV store, if there is one. Null while the server is down. */
  sessions?(id: NodeId): Sessions | null;
}

/** What the others have heard from a server, in all of its lives. */
interface Told {
  /** By term: whom it votes for. */
  readonly votes: Map<number, NodeId>;
  /** The highest. */
  term: number;
  /** Who speaks now; null while the server is down. */
  raft: Raft | null;
}

export class Invariants implements Observer<KvMessage, unknown>, Watcher {
  /** The first that broke. */
  broken: Violation | null = null;
  private readonly cluster: RaftServers;
  private readonly agreement: Agreement;
  private readonly configurations: Configurations;
  private readonly states: States;
  private readonly leaders = new Map<number, NodeId>();
  private readonly told = new Map<NodeId, Told>();
  /** By the session that was opened: which one ended for it, and who was seen to end it first. */
  private readonly endings = new Map<number, { readonly ended: number; readonly by: NodeId }>();

  constructor(cluster: RaftServers) {
    this.cluster = cluster;
    const fail = (name: string, message: string, nodes: readonly NodeId[]) => this.fail(name, message, nodes);
    this.configurations = new Configurations(cluster.founders ?? cluster.serverIds, fail);
    this.agreement = new Agreement(cluster.serverIds, this.configurations, fail);
    this.states = new States(fail);
    for (const id of cluster.serverIds) this.told.set(id, { votes: new Map(), term: 0, raft: null });
  }

  changed(id: NodeId, before: Sight, now: Sight): void {
    // Nobody asks for the second, and what was sound up to here may go on without bound behind the first.
    if (this.broken !== null) return;
    const { raft, role, term } = now;
    this.told.get(id)!.raft = raft;
    if (raft === null) return;
    const isSameLife = before.raft === raft;
    const ledBefore = isSameLife && before.role === "leader" && before.term === term;
    if (isSameLife) this.checkMonotonic(id, before, now);
    else this.agreement.restarted(id, raft);
    if (role === "leader" && ledBefore) {
      this.checkAppendOnly(id, before, raft);
    }
    // Whoever has just counted did so by the log that it had, and a leader's log only grows.
    if (ledBefore && now.commitIndex > before.commitIndex) {
      this.configurations.committedBy(raft, before.commitIndex);
      this.checkCommitDurable(raft);
    }
    if (role === "leader") {
      if (!ledBefore) this.checkElected(raft);
      if (!ledBefore) this.checkLeases(id, term);
      this.checkElectionSafety(id, term);
      this.checkMatch(raft);
    }
    this.agreement.logChanged(id, raft);
    if (!isSameLife || now.snapshotIndex > before.snapshotIndex) this.states.snapshotTaken(id, raft);
    this.checkEnding(id);
    if (role === "leader" && !ledBefore) this.agreement.becameLeader(id, raft);
  }

  // --- One server, two consecutive states ---

  private checkMonotonic(id: NodeId, before: Sight, now: Sight): void {
    for (const field of ["term", "commitIndex", "lastApplied"] as const) {
      if (now[field] >= before[field]) continue;
      this.fail(`monotonic ${field}`, `${id} went back from ${field} ${before[field]} to ${now[field]}`, [
        id,
      ]);
    }
    if (now.lastApplied > now.commitIndex) {
      const message = `${id} applied up to ${now.lastApplied}, but only ${now.commitIndex} is committed`;
      this.fail("applied is committed", message, [id]);
    }
  }

  /** Figure 3, Leader Append-Only: what was its last entry still is in its place. */
  private checkAppendOnly(id: NodeId, before: Sight, { log }: Raft): void {
    if (before.lastIndex <= log.snapshotIndex) return;
    if (before.lastIndex <= log.lastIndex && log.termAt(before.lastIndex) === before.lastTerm) return;
    this.fail("leader append-only", `leader ${id} changed its log at or before index ${before.lastIndex}`, [
      id,
    ]);
  }

  private checkCommitDurable(leader: Raft): void {
    const { serverIds, world } = this.cluster;
    const on = durableAt(leader, serverIds, (id) => world.image(id));
    if (isQuorum(new Set(on), this.configurations.of(leader))) return;
    const message = `leader ${leader.id} committed entry ${leader.commitIndex}, which is on the disks of ${on.join(", ") || "nobody"}`;
    this.fail("committed is durable", message, [leader.id]);
  }

  private checkMatch(leader: Raft): void {
    const { serverIds, world } = this.cluster;
    const id = overestimated(leader, serverIds, (server) => world.image(server));
    if (id === null) return;
    const message = `leader ${leader.id} counts ${id}'s log as its own up to ${leader.matchIndexOf(id)}, which is not on ${id}'s disk`;
    this.fail("match is durable", message, [leader.id, id]);
  }

  // --- The state machine ---

  /** Sessions end by the log, so they end at the same entry on every server (thesis, section 6.3). */
  private checkEnding(id: NodeId): void {
    const ending = this.cluster.sessions?.(id)?.lastEnding ?? null;
    if (ending === null) return;
    const { opened, ended } = ending;
    const first = this.endings.get(opened);
    if (first === undefined) this.endings.set(opened, { ended, by: id });
    else if (first.ended !== ended) {
      const message = `when entry ${opened} opened a session, ${first.by} ended session ${first.ended}, ${id} session ${ended}`;
      this.fail("session agreement", message, [first.by, id]);
    }
  }

  // --- Elections ---

  /** Figure 3: at most one leader in a term, over the whole run. */
  private checkElectionSafety(id: NodeId, term: number): void {
    const first = this.leaders.get(term);
    if (first === undefined) this.leaders.set(term, id);
    else if (first !== id) {
      this.fail("election safety", `${first} and ${id} both became leader of term ${term}`, [first, id]);
    }
  }

  /** Section 5.2: whoever leads was voted for by a majority, in this term and with votes that were told. */
  private checkElected(leader: Raft): void {
    const { id, currentTerm: term } = leader;
    const { serverIds } = this.cluster;
    const voters = serverIds.filter((voter) => voter === id || this.told.get(voter)!.votes.get(term) === id);
    if (isQuorum(new Set(voters), this.configurations.of(leader))) return;
    const message = `${id} became leader of term ${term} with the votes of ${voters.join(", ")} alone`;
    this.fail("elected by a majority", message, [id]);
  }

  /**
   * Thesis, section 6.4.1: whoever is elected finds no lease that still stands. Clocks that keep within no bound break
   * it, and what comes of that the history shows.
   */
  private checkLeases(id: NodeId, term: number): void {
    const { cluster } = this;
    const { world } = cluster;
    if (cluster.clocks === "wild") return;
    for (const other of cluster.serverIds) {
      const raft = other === id ? null : cluster.raft(other);
      if (raft === null || !raft.hasLeases || raft.currentTerm >= term) continue;
      if (!raft.holdsLease(world.clock?.(other) ?? world.now)) continue;
      const message = `${id} became leader of term ${term} while ${other} held a lease as leader of term ${raft.currentTerm}`;
      this.fail("one lease at a time", message, [other, id]);
    }
  }

  // --- Messages ---

  /**
   * What a server tells binds it across its crashes. Nothing counts before it leaves: a vote that was lost in a crash
   * before anybody heard of it may be cast again.
   */
  sent(from: NodeId, to: NodeId, payload: KvMessage): void {
    switch (payload.kind) {
      case "requestVote":
        if (payload.preVote) return;
        this.vote(from, payload.term, from);
        break;
      case "requestVoteReply":
        if (payload.voteGranted && !payload.preVote) this.vote(from, payload.term, to);
        break;
      case "appendEntriesReply":
        if (payload.success) this.checkDurable(from, payload.term, payload.matchIndex);
        break;
      case "installSnapshotReply":
        if (payload.installed) this.checkDurable(from, payload.term, payload.lastIncludedIndex);
        break;
      case "appendEntries":
      case "installSnapshot":
        break;
      default:
        // Clerks and servers, who know nothing of terms.
        return;
    }
    this.tell(from, payload.term);
  }

  /**
   * One vote per server and term, across its incarnations. That a vote is written is judged by this, from what the
   * others hear; that its term is on disk before anybody hears of it, by the durability law.
   */
  private vote(voter: NodeId, term: number, candidate: NodeId): void {
    const rotted = this.rottedUpTo(voter, Number.POSITIVE_INFINITY);
    if (rotted !== null) this.failRepair(voter, rotted, `voted for ${candidate} in term ${term}`);
    const { votes } = this.told.get(voter)!;
    const first = votes.get(term);
    if (first === undefined) votes.set(term, candidate);
    else if (first !== candidate) {
      const message = `${voter} voted for ${first} and for ${candidate} in term ${term}`;
      this.fail("one vote per term", message, [voter]);
    }
    const { currentTerm } = this.cluster.world.image(voter);
    if (currentTerm >= term) return;
    const message = `${voter} told of its vote in term ${term}, its disk is in term ${currentTerm}`;
    this.fail("durability law", message, [voter]);
  }

  /**
   * Forgets the votes of terms that their voters have told others they are past, but for candidates who may yet win by
   * them. Who explores asks for it: states that only such votes tell apart have the same future.
   */
  forgetPastVotes(): void {
    for (const { votes, term: told } of this.told.values())
      for (const [term, candidate] of votes)
        if (term < told && !this.isCandidateOf(term, candidate)) votes.delete(term);
  }

  private isCandidateOf(term: number, id: NodeId): boolean {
    const raft = this.cluster.raft(id);
    return raft?.role === "candidate" && raft.currentTerm === term;
  }

  private checkDurable(id: NodeId, term: number, index: number): void {
    const rotted = this.rottedUpTo(id, index);
    if (rotted !== null) this.failRepair(id, rotted, `acknowledged entry ${index} in term ${term}`);
    const image = this.cluster.world.image(id);
    // In a later term an acknowledged entry of a deposed leader may have been overwritten since.
    if (image.currentTerm > term || image.log.lastIndex >= index) return;
    const message = `${id} acknowledged entry ${index} in term ${term}, its disk ends at ${image.log.lastIndex}`;
    this.fail("durability law", message, [id]);
  }

  /**
   * The durability law where disks rot (Alagappan et al., FAST 2018): whoever does not know what it has, because an entry
   * has rotted, says nothing that rests on it before the others have repaired it.
   */
  private failRepair(id: NodeId, rotted: number, did: string): void {
    this.fail("repair law", `${id} ${did}, and entry ${rotted} has rotted on its disk`, [id]);
  }

  /** The first entry up to `index` that has rotted; null if there is none. */
  private rottedUpTo(id: NodeId, index: number): number | null {
    const rotted = this.cluster.rotted?.(id);
    if (rotted === undefined || rotted.size === 0) return null;
    const first = Math.min(...rotted);
    return first <= index ? first : null;
  }

  private tell(id: NodeId, term: number): void {
    const told = this.told.get(id)!;
    const { raft } = told;
    // A crash must not take a server back to a term before one that others have heard of from it.
    if (raft !== null && raft.currentTerm < told.term) {
      this.fail("monotonic term", `${id} is in term ${raft.currentTerm} but told of term ${told.term}`, [id]);
    }
    if (term > told.term) told.term = term;
  }

  /** For other oracles, too, that watch at every event. */
  fail(name: string, message: string, nodes: readonly NodeId[]): void {
    this.broken ??= { kind: "invariant", name, message, at: this.cluster.world.now, nodes };
  }
}
