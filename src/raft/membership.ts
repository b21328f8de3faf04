/**
 * How a leader changes who votes: joint consensus (section 6), or one server at a time (thesis, chapter 4). Newcomers
 * are learners first: they get the log, and count for nothing until they have caught up with it.
 */

import type { Instant, NodeId } from "../base/index.ts";
import { type Configuration, configurationOf, isVoter } from "./configuration.ts";
import { Office } from "./office.ts";
import { Progress } from "./progress.ts";
import type { Role } from "./state.ts";

/** Why no change of the membership can begin. */
export type ChangeRefusal =
  | "does not lead"
  | "hands over"
  | "has committed nothing in its term"
  | "is changing the membership already"
  | "would have no members"
  | "has these members";

/** Thesis, section 4.2.1: a learner catches up in rounds, each up to where the log ended when the round began. */
interface Round {
  readonly since: Instant;
  readonly end: number;
}

interface Change {
  /** Who shall vote when it is done. */
  readonly members: readonly NodeId[];
  /** Newcomers that have not caught up yet. */
  readonly learning: Map<NodeId, Round>;
  /** Who have not caught up by then never will: nothing comes of the change. */
  readonly until: Instant;
}

/** Election timeouts that learners have. */
const PATIENCE = 20;

export abstract class Membership extends Office {
  private change: Change | null = null;
  /** Nothing is left to do for the membership: the answer of almost every step. */
  private settled = true;

  /** Newcomers, caught up or not, that do not vote yet. */
  get learners(): readonly NodeId[] {
    return this.change?.members.filter((id) => !isVoter(this.configuration, id)) ?? [];
  }

  /** Whom its configurations will have for members, if all goes well. */
  get goal(): readonly NodeId[] {
    return this.change?.members ?? this.configuration.voters;
  }

  /** Null if this server would begin to change the membership to these. */
  refusalOf(members: readonly NodeId[]): ChangeRefusal | null {
    if (this.role !== "leader") return "does not lead";
    if (!this.acceptsProposals) return "hands over";
    if (!this.mayChange()) return "has committed nothing in its term";
    if (this.change !== null || this.configuration.outgoing !== null || !this.configurationIsCommitted())
      return "is changing the membership already";
    if (members.length === 0) return "would have no members";
    return sameMembers(members, this.configuration.voters) ? "has these members" : null;
  }

  /**
   * Until an entry of its own term is committed, a leader cannot know that its predecessor's change has failed; of two
   * that differ by one server each from the same configuration, majorities need not meet (raft-dev, July 2015).
   */
  protected mayChange(): boolean {
    return this.knowsWhatIsCommitted();
  }

  protected configurationIsCommitted(): boolean {
    return this.configurationIndex <= this.commitIndex;
  }

  protected changeMembers(members: readonly NodeId[]): void {
    if (this.refusalOf(members) !== null) return;
    const newcomers = members.filter((id) => !isVoter(this.configuration, id));
    const round = { since: this.now, end: this.log.lastIndex };
    const until = this.now + PATIENCE * this.options.timing.electionTimeout;
    this.change = { members, learning: new Map(newcomers.map((id) => [id, round])), until };
    this.followMembers();
    for (const learner of newcomers) this.appendEntries(learner);
  }

  /** Called at the end of every step: takes the next step of a change, its own or its predecessor's. */
  protected continueChange(): void {
    if (this.settled || this.role !== "leader") return;
    // A handover must not be overtaken by entries that the successor lacks, nor lose its successor.
    if (!this.configurationIsCommitted() || !this.acceptsProposals) return;
    if (this.configuration.outgoing !== null) this.leaveJoint();
    else if (!this.isMember()) this.retire();
    else if (this.change === null) this.settled = true;
    else this.pursue(this.change);
  }

  protected leaveJoint(): void {
    this.appendAsLeader(configurationOf(this.configuration.voters));
  }

  /** Until here a leader outside of the new configuration has led those who are in it, without counting itself. */
  protected retire(): void {
    this.leaderId = null;
    this.stepDown(this.currentTerm);
  }

  private pursue(change: Change): void {
    for (const [learner, round] of change.learning) this.follow(change, learner, round);
    const done = sameMembers(change.members, this.configuration.voters);
    if (done || (change.learning.size > 0 && this.now >= change.until)) {
      this.change = null;
      this.followMembers();
    } else if (change.learning.size === 0) {
      this.appendAsLeader(this.stepTowards(change.members));
    }
  }

  /** A round that took less than an election timeout was the last: what the learner lacks now delays nobody. */
  private follow({ learning }: Change, learner: NodeId, { since, end }: Round): void {
    if (this.progressOf(learner).matchIndex < end) return;
    if (this.now - since <= this.options.timing.electionTimeout) learning.delete(learner);
    else learning.set(learner, { since: this.now, end: this.log.lastIndex });
  }

  /** One server at a time, newcomers first and the leader itself last; or all at once, by way of both. */
  protected stepTowards(members: readonly NodeId[]): Configuration {
    const { voters } = this.configuration;
    if (!this.options.features.singleServerChange) return configurationOf(members, voters);
    const newcomer = members.find((id) => !voters.includes(id));
    if (newcomer !== undefined) return configurationOf([...voters, newcomer]);
    const leaving = voters.filter((id) => !members.includes(id));
    const next = leaving.find((id) => id !== this.id) ?? this.id;
    return configurationOf(voters.filter((id) => id !== next));
  }

  // --- What follows from it ---

  protected override useConfiguration(configuration: Configuration, index: number): void {
    super.useConfiguration(configuration, index);
    this.settled = false;
    this.followMembers();
  }

  protected override changeRole(role: Role): void {
    super.changeRole(role);
    this.peers = this.otherVoters();
    this.change = null;
    this.settled = false;
  }

  /** A leader sends to learners, too, and keeps nobody else in view. */
  private followMembers(): void {
    this.settled = false;
    if (this.role !== "leader") return;
    this.peers = [...this.otherVoters(), ...this.learners];
    for (const peer of this.peers) {
      if (!this.progress.has(peer)) this.progress.set(peer, new Progress(this.log.lastIndex, this.now));
    }
    for (const id of [...this.progress.keys()]) if (!this.peers.includes(id)) this.progress.delete(id);
  }

  /** A learner has not the right to lead. */
  protected override transferTo(to: NodeId): void {
    if (isVoter(this.configuration, to)) super.transferTo(to);
  }
}

function sameMembers(some: readonly NodeId[], others: readonly NodeId[]): boolean {
  return some.length === others.length && some.every((id) => others.includes(id));
}
