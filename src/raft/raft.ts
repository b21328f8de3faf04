/**
 * One Raft server: Figure 2 of the extended paper as a synchronous actor. What arrives is told apart here; the rules
 * are small methods with the names that Ongaro gives them, in election.ts and replication.ts over state.ts, so that a
 * reader can hold the figure beside them and a mutant can override exactly one.
 */

import { type Actor, type Instant, type NodeId, unreachable } from "../base/index.ts";
import type { RaftEffect, RaftInput } from "./effect.ts";
import { Election } from "./election.ts";
import type { RaftReply, RaftRequest } from "./message.ts";

export class Raft extends Election implements Actor<RaftInput, RaftEffect> {
  step(now: Instant, input: RaftInput): readonly RaftEffect[] {
    this.now = now;
    switch (input.kind) {
      case "deadline":
        if (this.deadline !== null && now >= this.deadline) this.handleDeadline();
        break;
      case "request":
        this.handleRequest(input.from, input.call, input.payload as RaftRequest);
        break;
      case "reply":
        this.handleReply(input.from, input.call, input.payload as RaftReply);
        break;
      case "unanswered":
        this.handleUnanswered(input.from, input.call);
        break;
      case "durable":
        if (this.outbox.durable(input.mark)) this.handleDurable(input.mark);
        break;
      case "propose":
        if (this.role === "leader") this.appendAsLeader(input.command);
        break;
      default:
        unreachable(input);
    }
    this.applyCommitted();
    return this.outbox.take(this.save());
  }

  private handleDeadline(): void {
    if (this.role === "leader") this.broadcast();
    else this.startNewElection();
  }

  private handleRequest(from: NodeId, call: number, request: RaftRequest): void {
    if (request.term > this.currentTerm) this.stepDown(request.term);
    const payload =
      request.kind === "requestVote" ? this.handleRequestVote(request) : this.handleAppendEntries(request);
    this.outbox.sendDurably({ kind: "reply", to: from, call, payload: Object.freeze(payload) });
  }

  private handleReply(from: NodeId, call: number, reply: RaftReply): void {
    if (reply.term > this.currentTerm) this.stepDown(reply.term);
    if (call < this.firstCallOfRole) return;
    if (reply.kind === "requestVoteReply") this.handleRequestVoteReply(from, reply);
    else this.handleAppendEntriesReply(from, call, reply);
  }

  /** Section 5.5: retry. The request may have been executed, and every one of Raft's may be executed twice. */
  private handleUnanswered(from: NodeId, call: number): void {
    if (call < this.firstCallOfRole) return;
    if (this.role === "candidate" && !this.votes.has(from)) this.requestVote(from);
    if (this.role === "leader") this.retryAppendEntries(from, call);
  }

  private handleDurable(mark: number): void {
    this.becameDurable(mark);
    if (this.role === "leader") this.advanceCommitIndex();
    if (this.role === "candidate" && this.outbox.mark === mark) this.countOwnVote();
  }
}
