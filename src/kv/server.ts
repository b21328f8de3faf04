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
import type { ClerkReply, ClerkRequest, KvMessage, OpenSession } from "./message.ts";
import { type Session, Sessions } from "./session.ts";
import { decodeSnapshot, encodeSnapshot, type KvSnapshot } from "./snapshot.ts";

export type ServerInput = Input<KvMessage>;
export type ServerEffect = Effect<KvMessage, RaftRecord>;

export interface ServerOptions extends RaftOptions {
  /** Bytes of applied log after which a snapshot is cut; null: never. */
  readonly maxRaftState: number | null;
  /**
   * How gets are answered: as entries of the log; by ReadIndex, without one; or under a lease, which needs `lease`, and
   * by ReadIndex where there is none just then. All are linearizable, the last while clocks keep within its bound.
   */
  readonly reads: "log" | "index" | "lease";
  /** Beyond so many the least recently used session ends. A rule of the state machine: the same on all servers, always. */
  readonly maxSessions: number;
}

/** Who waits: whoever uses this session, or the clerk of this name, which opens one. */
type Asker = number | string;

/** What they wait for: found again by who they are and what they asked, never by log index alone. */
interface Waiting {
  /** An opening counts as request 0. */
  readonly request: number;
  readonly from: NodeId;
  readonly call: number;
}

export class Server implements Actor<ServerInput, ServerEffect> {
  readonly raft: Raft;
  protected readonly machine = new Machine();
  readonly sessions: Sessions;
  /** At most one for each clerk, because a clerk has one operation in flight. */
  private readonly waiting = new Map<Asker, Waiting>();
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
    this.sessions = new Sessions(options.maxSessions);
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
    } else if (input.kind === "request" && input.payload.kind === "openSession") {
      this.handleOpenSession(input.from, input.call, input.payload);
    } else {
      // Every other message is Raft's own.
      this.perform(this.raft.step(now, input as Parameters<Raft["step"]>[1]));
    }
    this.followOffice();
    const effects = this.effects;
    this.effects = [];
    return effects;
  }

  // --- Clerks ---

  private handleOpenSession(from: NodeId, call: number, { clerk }: OpenSession): void {
    if (this.letWait(clerk, { request: 0, from, call })) this.propose({ kind: "open", clerk });
  }

  /**
   * A session that is not in the table is no reason to turn a request away: it may have ended, or this leader may not
   * have applied yet what opened it. Which of the two is known when the request's entry is applied.
   */
  protected handleClerkRequest(from: NodeId, call: number, message: ClerkRequest): void {
    const { session, request } = message;
    const known = this.sessions.find(session);
    const waiting = this.waiting.get(session);
    if (known !== null && this.isDuplicate(known, request)) {
      this.reply(from, call, this.answerAgain(known, request));
    } else if (waiting !== undefined && waiting.request > request) {
      this.reply(from, call, { kind: "superseded" });
    } else if (this.letWait(session, { request, from, call })) {
      this.begin(message);
    }
  }

  /** Where this server leads, they wait for its answer. True if what they wait for has yet to begin. */
  private letWait(asker: Asker, waiting: Waiting): boolean {
    if (!this.raft.acceptsProposals) {
      this.reply(waiting.from, waiting.call, { kind: "notLeader", hint: this.raft.leaderId });
      return false;
    }
    // A retry of what is already in this leader's log waits for that entry; it needs no second one.
    const begun = this.waiting.get(asker)?.request === waiting.request;
    this.waiting.set(asker, waiting);
    return !begun;
  }

  /** A read without an entry needs no session: it changes nothing, so it may be answered twice. */
  protected begin(message: ClerkRequest): void {
    const { session, request, operation } = message;
    if (operation.kind !== "get" || this.options.reads === "log") {
      this.propose({ kind: "operation", session, request, operation });
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
      this.answer(read.session, read.request, { kind: "result", request: read.request, result });
    }
  }

  private answer(asker: Asker, request: number, payload: ClerkReply): void {
    const waiting = this.waiting.get(asker);
    if (waiting?.request !== request) return;
    this.waiting.delete(asker);
    this.reply(waiting.from, waiting.call, payload);
  }

  /** Of a session's requests the latest is known, and every one before it is done with. */
  protected isDuplicate(known: Session, request: number): boolean {
    return known.request >= request;
  }

  private answerAgain({ request: latest, result }: Session, request: number): ClerkReply {
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
        effect.entries.forEach((entry, i) => {
          this.apply(effect.index + i, entry.command as Command);
        });
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

  protected apply(index: number, command: Command): void {
    if (this.options.maxRaftState !== null) this.appliedBytes += encodedSize(commandCodec, command);
    switch (command.kind) {
      case "noop":
      case "configuration":
        break;
      case "open":
        this.sessions.open(index);
        this.answer(command.clerk, 0, { kind: "sessionOpened", session: index });
        break;
      case "operation":
        this.answer(command.session, command.request, this.applyOnce(command));
        break;
      default:
        unreachable(command);
    }
  }

  protected compactAt(index: number): void {
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

  /** Applies an operation the first time; a duplicate in the log gets the stored result, and who has no session nothing. */
  protected applyOnce({ session, request, operation }: Command & { kind: "operation" }): ClerkReply {
    const known = this.sessions.find(session);
    // It may have been applied while its session lasted, so it must not be applied now.
    if (known === null) return { kind: "expired" };
    if (this.isDuplicate(known, request)) return this.answerAgain(known, request);
    const result = this.machine.apply(operation);
    this.sessions.store(session, request, result);
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
