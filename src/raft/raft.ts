/**
 * One Raft server as a synchronous actor. What arrives is told apart here. The rules are small methods with the names
 * that Ongaro gives them, one idea a file, each on top of the one before: state, replication, compaction, election,
 * office, membership. A reader can hold the paper's figures beside them, and a mutant can override exactly one.
 */

import type { Instant } from "../base/index.ts";
import { type Actor, type NodeId, unreachable } from "../base/index.ts";
import type { RaftEffect, RaftInput } from "./effect.ts";
import { Membership } from "./membership.ts";
import type { RaftReply, RaftRequest } from "./message.ts";

export class Raft extends Membership implements Actor<RaftInput, RaftEffect> {
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
        if (this.acceptsProposals) this.appendAsLeader(input.command);
        break;
      case "compact":
        this.compact(input.index, input.data);
        break;
      case "read":
        if (this.role === "leader") this.read(input.id);
        break;
      case "transfer":
        if (this.role === "leader") this.transferTo(input.to);
        break;
      case "change":
        this.changeMembers(input.members);
        break;
      default:
        unreachable(input);
    }
    this.continueChange();
    this.applyCommitted();
    return this.outbox.take(this.save());
  }

  private handleDeadline(): void {
    if (this.role !== "leader") {
      this.handleElectionTimeout();
      return;
    }
    this.checkQuorum();
    if (this.role !== "leader") return;
    this.continueTransfer();
    this.broadcast();
  }

  private handleRequest(from: NodeId, call: number, request: RaftRequest): void {
    if (request.term > this.currentTerm && this.begins(request)) this.stepDown(request.term);
    const payload = Object.freeze(this.answer(request));
    this.outbox.sendDurably({ kind: "reply", to: from, call, payload });
  }

  /**
   * Who only asks has not begun the term that it names; what one names that was removed counts for nothing, and whoever
   * keeps a promise does not hear of it.
   */
  private begins(request: RaftRequest): boolean {
    if (request.kind !== "requestVote") return true;
    return !(request.preVote || this.isDisturbance(request) || this.keepsPromiseAgainst(request));
  }

  private answer(request: RaftRequest): RaftReply {
    switch (request.kind) {
      case "requestVote":
        return this.handleRequestVote(request);
      case "appendEntries":
        return this.handleAppendEntries(request);
      case "installSnapshot":
        return this.handleInstallSnapshot(request);
      case "timeoutNow":
        return this.handleTimeoutNow(request);
      default:
        return unreachable(request);
    }
  }

  private handleReply(from: NodeId, call: number, reply: RaftReply): void {
    if (reply.term > this.currentTerm) this.stepDown(reply.term);
    if (!this.isOfThisRole(call) || this.isForgotten(from)) return;
    switch (reply.kind) {
      case "requestVoteReply":
        this.handleRequestVoteReply(from, reply);
        break;
      case "appendEntriesReply":
        this.extendLease(from, call);
        this.handleAppendEntriesReply(from, call, reply);
        break;
      case "installSnapshotReply":
        this.extendLease(from, call);
        this.handleInstallSnapshotReply(from, call, reply);
        break;
      case "timeoutNowReply":
        if (this.role === "leader") this.progressOf(from).answered(call, this.now);
        break;
      default:
        unreachable(reply);
    }
    this.continueTransfer();
    this.finishReadRound();
  }

  /** Section 5.5: retry. The request may have been executed, and every one of Raft's may be executed twice. */
  private handleUnanswered(from: NodeId, call: number): void {
    if (!this.isOfThisRole(call) || this.isForgotten(from)) return;
    if (this.role === "leader") this.retryAppendEntries(from, call);
    else this.retryRequestVote(from);
  }

  /** Since it was asked, it has been removed. */
  private isForgotten(from: NodeId): boolean {
    return this.role === "leader" && !this.progress.has(from);
  }

  private handleDurable(mark: number): void {
    this.becameDurable(mark);
    if (this.role === "leader") {
      this.advanceCommitIndex();
      this.finishReadRound();
    }
    this.countOwnVote(mark);
  }
}
