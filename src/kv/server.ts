/** A member of the cluster: a KV server on top of its own Raft. It proposes, applies, and answers who still waits. */

import {
  type Actor,
  type Effect,
  type Input,
  type Instant,
  type NodeId,
  unreachable,
} from "../base/index.ts";
import { encodedSize } from "../codec/index.ts";
import {
  Raft,
  type RaftEffect,
  type RaftImage,
  type RaftOptions,
  type RaftRecord,
  type Snapshot,
} from "../raft/index.ts";
import { type Command, commandCodec } from "./command.ts";
import { Machine } from "./machine.ts";
import type { ClerkReply, ClerkRequest, KvMessage } from "./message.ts";
import type { Result } from "./operation.ts";
import { Sessions } from "./session.ts";
import { decodeSnapshot, encodeSnapshot, type KvSnapshot } from "./snapshot.ts";

export type ServerInput = Input<KvMessage>;
export type ServerEffect = Effect<KvMessage, RaftRecord>;

export interface ServerOptions extends RaftOptions {
  /** Bytes of applied log after which a snapshot is cut; null: never. */
  readonly maxRaftState: number | null;
  /** How gets are answered: as entries of the log, or by ReadIndex, without one. Both are linearizable. */
  readonly reads: "log" | "index";
}

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
  private readonly options: ServerOptions;
  private effects: ServerEffect[] = [];
  /** Bytes of the commands that were applied since the last snapshot. */
  private appliedBytes = 0;
  /** Gets that wait until this server may answer them from its own state. */
  private readonly reads = new Map<number, ClerkRequest>();
  private lastRead = 0;

  /** `RaftClass` is the seam for mutants: a subclass of Raft that breaks one rule. */
  constructor(options: ServerOptions, image: RaftImage, now: Instant, RaftClass: typeof Raft = Raft) {
    this.options = options;
    this.raft = new RaftClass(options, image, now);
    this.now = now;
    if (image.snapshot !== null) this.restore(image.snapshot);
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

  protected handleClerkRequest(from: NodeId, call: number, message: ClerkRequest): void {
    const { client, request } = message;
    const session = this.sessions.find(client);
    const waiting = this.waiting.get(client);
    if (session !== null && session.request >= request) {
      this.reply(from, call, this.answerAgain(session.request, request, session.result));
    } else if (waiting !== undefined && waiting.request > request) {
      this.reply(from, call, { kind: "superseded" });
    } else if (!this.raft.acceptsProposals) {
      this.reply(from, call, { kind: "notLeader", hint: this.raft.leaderId });
    } else {
      // A retry of what is already in this leader's log waits for that entry; it needs no second one.
      const proposed = waiting?.request === request;
      this.waiting.set(client, { request, from, call });
      if (!proposed) this.begin(message);
    }
  }

  private begin(message: ClerkRequest): void {
    const { client, request, operation } = message;
    if (operation.kind !== "get" || this.options.reads === "log") {
      this.propose({ kind: "operation", client, request, operation });
      return;
    }
    this.reads.set(++this.lastRead, message);
    this.perform(this.raft.step(this.now, { kind: "read", id: this.lastRead }));
  }

  /** Until now this server has led, and it has applied all that was committed when these were asked. */
  private answerReads(ids: readonly number[]): void {
    for (const id of ids) {
      const read = this.reads.get(id);
      if (read === undefined) continue;
      this.reads.delete(id);
      const result = this.machine.apply(read.operation);
      this.answer(read.client, read.request, { kind: "result", request: read.request, result });
    }
  }

  private answer(client: string, request: number, payload: ClerkReply): void {
    const waiting = this.waiting.get(client);
    if (waiting?.request !== request) return;
    this.waiting.delete(client);
    this.reply(waiting.from, waiting.call, payload);
  }

  private answerAgain(latest: number, request: number, result: Result): ClerkReply {
    return latest === request ? { kind: "result", request, result } : { kind: "superseded" };
  }

  // --- Raft ---

  private propose(command: Command): void {
    this.perform(this.raft.step(this.now, { kind: "propose", command: Object.freeze(command) }));
  }

  private perform(effects: readonly RaftEffect[]): void {
    // First what is for the driver: applying may step Raft again, and its writes must reach the disk in order.
    for (const effect of effects) if (!isForServer(effect)) this.effects.push(effect);
    for (const effect of effects) if (isForServer(effect)) this.follow(effect);
  }

  private follow(effect: ForServer): void {
    switch (effect.kind) {
      case "commit":
        for (const entry of effect.entries) this.apply(entry.command as Command);
        this.compactAt(effect.index + effect.entries.length - 1);
        break;
      case "restore":
        this.restore(effect.snapshot);
        break;
      case "readable":
        this.answerReads(effect.ids);
        break;
      default:
        unreachable(effect);
    }
  }

  private apply(command: Command): void {
    if (this.options.maxRaftState !== null) this.appliedBytes += encodedSize(commandCodec, command);
    if (command.kind === "noop") return;
    this.answer(command.client, command.request, this.applyOnce(command));
  }

  private compactAt(index: number): void {
    const { maxRaftState } = this.options;
    if (maxRaftState === null || this.appliedBytes <= maxRaftState) return;
    this.appliedBytes = 0;
    const data = encodeSnapshot(this.save());
    this.perform(this.raft.step(this.now, { kind: "compact", index, data }));
  }

  /** The sessions go with the values: without them a retry would be applied again. */
  protected save(): KvSnapshot {
    return { values: this.machine.save(), sessions: this.sessions.save() };
  }

  private restore({ data }: Snapshot): void {
    const { values, sessions } = decodeSnapshot(data);
    this.machine.restore(values);
    this.sessions.restore(sessions);
    this.appliedBytes = 0;
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
    this.sendElsewhere();
    if (term !== 0) this.propose({ kind: "noop" });
  }

  protected sendElsewhere(): void {
    for (const { from, call } of this.waiting.values()) {
      this.reply(from, call, { kind: "notLeader", hint: this.raft.leaderId });
    }
    this.waiting.clear();
    this.reads.clear();
  }

  protected reply(to: NodeId, call: number, payload: ClerkReply): void {
    this.effects.push({ kind: "reply", to, call, payload: Object.freeze(payload) });
  }
}

/** What Raft tells the state machine; the rest is for the driver. */
type ForServer = Extract<RaftEffect, { kind: "commit" | "restore" | "readable" }>;

function isForServer(effect: RaftEffect): effect is ForServer {
  return effect.kind === "commit" || effect.kind === "restore" || effect.kind === "readable";
}
