/** What only a leader can do beside replicating: answer reads without the log, and hand its office to another. */

import { assert, type Duration, type Instant, type NodeId } from "../base/index.ts";
import { Election } from "./election.ts";
import { leaseLength } from "./lease.ts";
import type { TimeoutNow, TimeoutNowReply } from "./message.ts";
import type { Role } from "./state.ts";

/** Reads that wait for the same proof that this server still led when they were asked for. */
interface ReadRound {
  readonly ids: readonly number[];
  /** Answers to later calls than this one are the proof. */
  readonly afterCall: number;
}

export abstract class Office extends Election {
  private waitingReads: number[] = [];
  protected readRound: ReadRound | null = null;
  private transfer: { readonly to: NodeId; readonly until: Instant; told: boolean } | null = null;

  /** False for a leader that hands over: what it appended now, its successor might not have. */
  get acceptsProposals(): boolean {
    return this.role === "leader" && this.transfer === null;
  }

  // --- ReadIndex (thesis, section 6.4) ---

  protected read(id: number): void {
    if (this.knowsWhatIsCommitted() && this.holdsLease(this.now)) {
      this.answerReads([id]);
      return;
    }
    this.waitingReads.push(id);
    this.startReadRound();
  }

  /** Everything committed is applied at the end of this step, before the effect reaches anybody. */
  private answerReads(ids: readonly number[]): void {
    this.applyCommitted();
    this.outbox.emit({ kind: "readable", ids });
  }

  /** One round at a time: what is asked for meanwhile shares the next one. */
  private startReadRound(): void {
    if (this.readRound !== null || this.waitingReads.length === 0 || !this.knowsWhatIsCommitted()) return;
    this.readRound = { ids: this.waitingReads, afterCall: this.lastCall };
    this.waitingReads = [];
    for (const peer of this.peers) this.ask(peer);
    this.finishReadRound();
  }

  /** Until an entry of its own term is committed, a leader's commitIndex may be older than its predecessor's. */
  protected knowsWhatIsCommitted(): boolean {
    return this.log.termAt(this.commitIndex) === this.currentTerm;
  }

  /** Called whenever a follower has answered, or an entry was committed. */
  protected finishReadRound(): void {
    if (this.role !== "leader") return;
    if (this.readRound !== null && this.isConfirmed(this.readRound)) {
      this.answerReads(this.readRound.ids);
      this.readRound = null;
    }
    this.startReadRound();
  }

  protected isConfirmed({ afterCall }: ReadRound): boolean {
    const confirmed = new Set([this.id]);
    for (const [peer, progress] of this.progress) if (progress.answeredCall > afterCall) confirmed.add(peer);
    return this.isQuorum(confirmed);
  }

  // --- Leases (thesis, section 6.4.1) ---

  /** True while this leader may answer reads without asking, by its own clock. */
  holdsLease(now: Instant): boolean {
    const { lease } = this;
    if (lease === null || this.role !== "leader") return false;
    return this.isQuorum(new Set([this.id, ...lease.supporters(now, this.leaseLength())]));
  }

  /** A follower has answered this call, so it took this server for its leader. */
  protected extendLease(follower: NodeId, call: number): void {
    const since = this.promiseSince(call);
    if (since !== null) this.lease?.promised(follower, since);
  }

  /** When the call was sent: that it came later the leader cannot know. */
  protected promiseSince(call: number): Instant | null {
    return this.lease?.sentAt(call) ?? null;
  }

  protected leaseLength(): Duration {
    const { timing, lease } = this.options;
    return lease === undefined ? 0 : leaseLength(timing.electionTimeout, lease);
  }

  /** For as long as this office lasts: who was told to take over may hear of it at any time. */
  protected giveUpLease(): void {
    this.lease?.giveUp();
  }

  // --- Leadership transfer (thesis, section 3.10) ---

  protected transferTo(to: NodeId): void {
    if (!this.peers.includes(to) || this.transfer?.to === to) return;
    // Whoever changes their mind gets no more time: as long as requests came, nobody could propose.
    const until = this.transfer?.until ?? this.now + this.options.timing.electionTimeout;
    this.transfer = { to, until, told: false };
    this.continueTransfer();
  }

  /** When the successor has the whole log, it is told to hold an election at once. Too late, and all is as before. */
  protected continueTransfer(): void {
    const { transfer } = this;
    if (transfer === null) return;
    if (this.now >= transfer.until) {
      this.transfer = null;
    } else if (!transfer.told && this.progressOf(transfer.to).matchIndex === this.log.lastIndex) {
      transfer.told = true;
      this.giveUpLease();
      this.call(transfer.to, { kind: "timeoutNow", term: this.currentTerm });
    }
  }

  /** Its leader asks for it, so this election disturbs nobody: no PreVote. */
  protected handleTimeoutNow(request: TimeoutNow): TimeoutNowReply {
    const isFree = this.role !== "leader" && !this.isDamaged;
    if (request.term === this.currentTerm && isFree) this.startNewElection(true);
    return { kind: "timeoutNowReply", term: this.currentTerm };
  }

  protected override changeRole(role: Role): void {
    super.changeRole(role);
    assert(
      this.waitingReads.length === 0 || this.role !== "leader",
      () => `${this.id} has reads of an earlier office`,
    );
    this.waitingReads = [];
    this.readRound = null;
    this.transfer = null;
  }
}
