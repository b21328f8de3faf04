/** Leader election (section 5.2) and its restriction to candidates that have every committed entry (section 5.4.1). */

import type { NodeId } from "../base/index.ts";
import type { RequestVote, RequestVoteReply } from "./message.ts";
import { Progress } from "./progress.ts";
import { isMajority } from "./quorum.ts";
import { Replication } from "./replication.ts";

export abstract class Election extends Replication {
  protected startNewElection(): void {
    this.adoptTerm(this.currentTerm + 1);
    this.changeRole("candidate");
    this.voteFor(this.id);
    this.resetElectionTimeout();
    // The candidate's own vote counts when it is durable, see countOwnVote.
    for (const peer of this.peers) this.requestVote(peer);
  }

  protected requestVote(peer: NodeId): void {
    this.outbox.sendDurably({
      kind: "request",
      to: peer,
      call: ++this.lastCall,
      payload: Object.freeze({
        kind: "requestVote",
        term: this.currentTerm,
        candidateId: this.id,
        lastLogIndex: this.log.lastIndex,
        lastLogTerm: this.log.lastTerm,
      }),
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
    this.countVote(from);
  }

  /** Called when everything written so far is durable, the vote for itself included. */
  protected countOwnVote(): void {
    if (this.votedFor === this.id) this.countVote(this.id);
  }

  private countVote(voter: NodeId): void {
    this.votes.add(voter);
    if (isMajority(this.votes, this.options.members)) this.becomeLeader();
  }

  protected becomeLeader(): void {
    this.changeRole("leader");
    this.leaderId = this.id;
    this.progress = new Map(this.peers.map((peer) => [peer, new Progress(this.log.lastIndex)]));
    this.broadcast();
  }
}
