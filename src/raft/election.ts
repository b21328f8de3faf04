/**
 * Leader election (section 5.2), its restriction to candidates that have every committed entry (section 5.4.1), and
 * what keeps it from disturbing a healthy leader: PreVote (thesis, section 9.6) and CheckQuorum (section 6.2).
 */

import type { NodeId } from "../base/index.ts";
import { Compaction } from "./compaction.ts";
import { isVoter } from "./configuration.ts";
import type { RequestVote, RequestVoteReply } from "./message.ts";
import { Progress } from "./progress.ts";
import { RETRIES_AT_ONCE } from "./replication.ts";

export abstract class Election extends Compaction {
  /** Who would vote for this server; null while it does not ask. */
  private preVotes: Set<NodeId> | null = null;
  /** How often each peer was asked for this vote, or pre-vote. */
  private readonly asked = new Map<NodeId, number>();
  /** The write that makes the candidate's vote for itself durable. */
  private ownVoteMark = 0;
  /** The leader asked for this candidacy. */
  private isHandover = false;

  /** The election timeout has passed. */
  protected handleElectionTimeout(): void {
    // Whoever lacks part of its own log could lead nobody; it waits for a leader to repair it.
    if (this.isDamaged || !this.mayCampaign()) this.resetElectionTimeout();
    else if (this.options.features.preVote) this.askForPreVotes();
    else this.startNewElection();
  }

  /**
   * Voters, and who would be one if the latest configuration were cut off again: until it is committed, nobody else may
   * have a log that is complete (thesis, section 4.2.2). Such a candidate does not count its own vote.
   */
  protected mayCampaign(): boolean {
    if (this.isMember()) return true;
    if (this.configurationIndex <= this.commitIndex) return false;
    return isVoter(this.configurationAt(this.configurationIndex - 1).configuration, this.id);
  }

  private askForPreVotes(): void {
    this.changeRole("follower");
    this.leaderId = null;
    this.resetElectionTimeout();
    this.preVotes = new Set();
    this.asked.clear();
    for (const peer of this.peers) this.requestVote(peer);
    this.countPreVote(this.id);
  }

  private countPreVote(voter: NodeId): void {
    this.preVotes!.add(voter);
    if (this.isQuorum(this.preVotes!)) this.startNewElection();
  }

  protected startNewElection(isHandover = false): void {
    this.isHandover = isHandover;
    this.preVotes = null;
    this.asked.clear();
    this.adoptTerm(this.currentTerm + 1);
    this.changeRole("candidate");
    this.voteFor(this.id);
    this.resetElectionTimeout();
    // The candidate's own vote counts when it is durable, see countOwnVote.
    this.ownVoteMark = this.outbox.mark + 1;
    for (const peer of this.peers) this.requestVote(peer);
  }

  protected requestVote(peer: NodeId): void {
    const preVote = this.preVotes !== null;
    this.asked.set(peer, (this.asked.get(peer) ?? 0) + 1);
    this.outbox.sendDurably({
      kind: "request",
      to: peer,
      call: ++this.lastCall,
      payload: Object.freeze({
        kind: "requestVote",
        preVote,
        // Where nobody has promised anything, nobody needs to be told.
        ...(this.isHandover && !preVote && this.hasLeases ? { handover: true } : {}),
        term: preVote ? this.currentTerm + 1 : this.currentTerm,
        candidateId: this.id,
        lastLogIndex: this.log.lastIndex,
        lastLogTerm: this.log.lastTerm,
      }),
    });
  }

  /** True while this server waits for votes, real ones or not, that this one could still give. */
  protected wantsVoteOf(peer: NodeId): boolean {
    return this.preVotes === null
      ? this.role === "candidate" && !this.votes.has(peer)
      : !this.preVotes.has(peer);
  }

  /** The request or the answer was lost; where nothing comes back, the next election timeout asks again. */
  protected retryRequestVote(peer: NodeId): void {
    if (this.wantsVoteOf(peer) && (this.asked.get(peer) ?? 0) <= RETRIES_AT_ONCE) this.requestVote(peer);
  }

  protected handleRequestVote(request: RequestVote): RequestVoteReply {
    const voteGranted = request.preVote ? this.wouldVote(request) : this.vote(request);
    return { kind: "requestVoteReply", preVote: request.preVote, term: this.currentTerm, voteGranted };
  }

  private vote(request: RequestVote): boolean {
    const { term, candidateId } = request;
    if (term !== this.currentTerm || !this.isFreeFor(candidateId)) return false;
    if (!this.mayVote()) return false;
    // A vote that was cast is cast.
    if (this.votedFor === null && this.keepsPromiseAgainst(request)) return false;
    if (!this.candidateIsUpToDate(request)) return false;
    this.voteFor(request.candidateId);
    this.resetElectionTimeout();
    return true;
  }

  /** Not before its log is repaired: a vote tells that it knows what it has. */
  protected mayVote(): boolean {
    return !this.isDamaged;
  }

  /** One vote in a term; the same one again, for its request may have been lost. */
  protected isFreeFor(candidate: NodeId): boolean {
    return this.votedFor === null || this.votedFor === candidate;
  }

  /** Nothing changes here, the election timeout included: a server that only asks must not keep others from asking. */
  private wouldVote(request: RequestVote): boolean {
    return (
      request.term > this.currentTerm &&
      this.mayVote() &&
      !this.hearsLeader() &&
      this.candidateIsUpToDate(request)
    );
  }

  /** Whoever has just heard from a leader helps nobody to depose it. */
  protected hearsLeader(): boolean {
    if (this.role === "leader") return true;
    return this.leaderId !== null && this.now - this.lastLeaderContact < this.options.timing.electionTimeout;
  }

  /**
   * A removed server may not know that it was, and campaign for ever: whoever hears a leader does not let it raise the
   * term (thesis, section 4.2.3). Voters are heeded: where there is no PreVote, they may have a reason.
   */
  protected isDisturbance({ candidateId }: RequestVote): boolean {
    return !isVoter(this.configuration, candidateId) && this.hearsLeader();
  }

  /**
   * Thesis, section 6.4.1: a leader's lease rests on this promise. Who has restarted does not know what it had promised,
   * so it waits as if a leader had called just before.
   */
  protected keepsPromiseAgainst(request: RequestVote): boolean {
    if (!this.hasLeases || request.handover === true) return false;
    if (this.role === "leader") return true;
    return this.now - this.lastLeaderContact < this.options.timing.electionTimeout;
  }

  /** Section 5.4.1: whoever lacks a committed entry cannot win, because some voter of every majority has it. */
  protected candidateIsUpToDate(request: RequestVote): boolean {
    if (request.lastLogTerm !== this.log.lastTerm) return request.lastLogTerm > this.log.lastTerm;
    return request.lastLogIndex >= this.log.lastIndex;
  }

  protected handleRequestVoteReply(from: NodeId, reply: RequestVoteReply): void {
    if (!reply.voteGranted) return;
    if (reply.preVote) {
      if (this.preVotes !== null) this.countPreVote(from);
    } else if (this.role === "candidate" && reply.term === this.currentTerm) {
      this.countVote(from);
    }
  }

  /** Everything up to this mark is durable: perhaps the candidate's vote for itself, too. */
  protected countOwnVote(mark: number): void {
    if (this.role === "candidate" && mark >= this.ownVoteMark) this.countVote(this.id);
  }

  private countVote(voter: NodeId): void {
    this.votes.add(voter);
    if (this.isQuorum(this.votes)) this.becomeLeader();
  }

  protected becomeLeader(): void {
    this.changeRole("leader");
    this.leaderId = this.id;
    this.progress = new Map(this.peers.map((peer) => [peer, new Progress(this.log.lastIndex, this.now)]));
    this.broadcast();
  }

  protected override stepDown(term: number): void {
    this.preVotes = null;
    super.stepDown(term);
  }

  /**
   * A leader that hears from no quorum steps down, so that its clients go elsewhere. It waits for as long as any
   * follower waits for it, because by then another one may lead.
   */
  protected checkQuorum(): void {
    if (!this.options.features.checkQuorum) return;
    const since = this.now - 2 * this.options.timing.electionTimeout;
    const heard = new Set([this.id]);
    for (const [peer, progress] of this.progress) if (progress.lastContact >= since) heard.add(peer);
    if (this.isQuorum(heard)) return;
    this.leaderId = null;
    this.stepDown(this.currentTerm);
  }
}
