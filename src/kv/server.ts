/** A member of the cluster: a KV server on top of its own Raft. It proposes, applies, and answers who still waits. */

import type { Actor, Effect, Input, Instant, NodeId } from "../base/index.ts";
import { Raft, type RaftEffect, type RaftImage, type RaftOptions, type RaftRecord } from "../raft/index.ts";
import type { Command } from "./command.ts";
import { Machine } from "./machine.ts";
import type { ClerkReply, ClerkRequest, KvMessage } from "./message.ts";
import type { Result } from "./operation.ts";
import { Sessions } from "./session.ts";

export type ServerInput = Input<KvMessage>;
export type ServerEffect = Effect<KvMessage, RaftRecord>;

/** Who waits for an answer: found again by client and request, never by log index alone. */
interface Waiting {
  readonly request: number;
  readonly from: NodeId;
  readonly call: number;
}

export class Server implements Actor<ServerInput, ServerEffect> {
  readonly raft: Raft;
  protected readonly machine = new Machine();
  protected readonly sessions = new Sessions();
  /** At most one for each client, because a client has one operation in flight. */
  private readonly waiting = new Map<string, Waiting>();
  /** The term in which this server last took office; 0 if it never did. */
  private office = 0;
  private now: Instant;
  private effects: ServerEffect[] = [];

  /** `RaftClass` is the seam for mutants: a subclass of Raft that breaks one rule. */
  constructor(options: RaftOptions, image: RaftImage, now: Instant, RaftClass: typeof Raft = Raft) {
    this.raft = new RaftClass(options, image, now);
    this.now = now;
  }

  get deadline(): Instant | null {
    return this.raft.deadline;
  }

  step(now: Instant, input: ServerInput): readonly ServerEffect[] {
    this.now = now;
    if (input.kind === "request" && input.payload.kind === "clerkRequest") {
      this.handleClerkRequest(input.from, input.call, input.payload);
    } else {
      // Every other message is Raft's own.
      this.perform(this.raft.step(now, input as Parameters<Raft["step"]>[1]));
    }
    this.followOffice();
    const effects = this.effects;
    this.effects = [];
    return effects;
  }

  // --- Clients ---

  protected handleClerkRequest(
    from: NodeId,
    call: number,
    { client, request, operation }: ClerkRequest,
  ): void {
    const session = this.sessions.find(client);
    const waiting = this.waiting.get(client);
    if (session !== null && session.request >= request) {
      this.reply(from, call, this.answerAgain(session.request, request, session.result));
    } else if (waiting !== undefined && waiting.request > request) {
      this.reply(from, call, { kind: "superseded" });
    } else if (this.raft.role !== "leader") {
      this.reply(from, call, { kind: "notLeader", hint: this.raft.leaderId });
    } else {
      // A retry of what is already in this leader's log waits for that entry; it needs no second one.
      const proposed = waiting?.request === request;
      this.waiting.set(client, { request, from, call });
      if (!proposed) this.propose({ kind: "operation", client, request, operation });
    }
  }

  private answerAgain(latest: number, request: number, result: Result): ClerkReply {
    return latest === request ? { kind: "result", request, result } : { kind: "superseded" };
  }

  // --- Raft ---

  private propose(command: Command): void {
    this.perform(this.raft.step(this.now, { kind: "propose", command: Object.freeze(command) }));
  }

  private perform(effects: readonly RaftEffect[]): void {
    for (const effect of effects) {
      if (effect.kind !== "commit") this.effects.push(effect);
      else for (const entry of effect.entries) this.apply(entry.command as Command);
    }
  }

  private apply(command: Command): void {
    if (command.kind === "noop") return;
    const { client, request } = command;
    const answer = this.applyOnce(command);
    const waiting = this.waiting.get(client);
    if (waiting?.request !== request) return;
    this.waiting.delete(client);
    this.reply(waiting.from, waiting.call, answer);
  }

  /** Applies an operation the first time; a duplicate in the log gets the stored result. */
  protected applyOnce({ client, request, operation }: Command & { kind: "operation" }): ClerkReply {
    const session = this.sessions.find(client);
    if (session !== null && session.request >= request) {
      return this.answerAgain(session.request, request, session.result);
    }
    const result = this.machine.apply(operation);
    this.sessions.store(client, request, result);
    return { kind: "result", request, result };
  }

  /**
   * Follows Raft into office and out of it. On taking office the server proposes a no-op, because a leader may not
   * commit entries of earlier terms by counting. On leaving it, whoever waits is sent elsewhere: the entry may still
   * commit, and then the session table has the answer.
   */
  private followOffice(): void {
    const term = this.raft.role === "leader" ? this.raft.currentTerm : 0;
    if (term === this.office) return;
    this.office = term;
    for (const { from, call } of this.waiting.values()) {
      this.reply(from, call, { kind: "notLeader", hint: this.raft.leaderId });
    }
    this.waiting.clear();
    if (term !== 0) this.propose({ kind: "noop" });
  }

  protected reply(to: NodeId, call: number, payload: ClerkReply): void {
    this.effects.push({ kind: "reply", to, call, payload: Object.freeze(payload) });
  }
}
