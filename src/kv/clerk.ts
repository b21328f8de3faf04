/**
 * The clerk: the stub between a client and the cluster. It finds the leader, opens a session, backs off, retries under
 * the same request number until it has an answer, and never has two operations in flight.
 */

import {
  type Actor,
  assert,
  type Duration,
  type Input,
  type Instant,
  type Message,
  MILLISECOND,
  type NodeId,
  type Random,
  unreachable,
} from "../base/index.ts";
import type { ClerkReply, KvMessage, NotLeader } from "./message.ts";
import type { Operation, Result } from "./operation.ts";

export interface ClerkOptions {
  /** The client's name; it opens its sessions under names derived from it. */
  readonly client: string;
  /** How often this client has crashed: each life opens sessions of its own. */
  readonly incarnation: number;
  readonly servers: readonly NodeId[];
  /** For the first server to try and the jitter of the back-off. */
  readonly random: Random;
  /** How long a server may be silent before the next one is asked. */
  readonly attemptTimeout: Duration;
  /** How long to try before giving up; null: for ever. */
  readonly patience: Duration | null;
}

export const defaultClerkTiming: Pick<ClerkOptions, "attemptTimeout" | "patience"> = {
  attemptTimeout: 300 * MILLISECOND,
  patience: null,
};

/** The pauses of a clerk that has asked every server in vain double from the first to the last of these, plus jitter. */
const FIRST_BACKOFF: Duration = 30 * MILLISECOND;
const LAST_BACKOFF: Duration = 120 * MILLISECOND;

export type ClerkInput =
  | Input<KvMessage>
  /** `roam`: ask any server first, not the one that answered last. Finds servers that wrongly believe to lead. */
  | { readonly kind: "invoke"; readonly operation: Operation; readonly roam: boolean };

export type ClerkEffect =
  | Message<KvMessage>
  | { readonly kind: "return"; readonly result: Result }
  /** The patience ended, or the session did: the operation may have taken effect, may still, or never will. */
  | { readonly kind: "giveUp" };

interface InFlight {
  readonly operation: Operation;
  readonly giveUpAt: Instant;
}

export class Clerk implements Actor<ClerkInput, ClerkEffect> {
  protected readonly options: ClerkOptions;
  /** How many operations this clerk has given up on. */
  protected abandoned = 0;
  /** Null until the servers have opened one. */
  protected session: number | null = null;
  /** The session's latest request. */
  protected request = 0;
  protected inFlight: InFlight | null = null;
  private target: NodeId;
  private lastCall = 0;
  /** The attempt that is under way; null while backing off or idle. */
  private attempt: number | null = null;
  /** The first attempt of this operation. */
  private firstAttempt = 1;
  /** Who was asked in this round: after the last one, the next begins. */
  private readonly asked = new Set<NodeId>();
  /** Everybody was asked in vain: a refusal is followed by a pause now. */
  private isPatient = false;
  private backoff = FIRST_BACKOFF;
  private wakeAt: Instant = 0;
  protected effects: ClerkEffect[] = [];

  constructor(options: ClerkOptions) {
    assert(options.servers.length > 0, () => `${options.client} has no servers to ask`);
    this.options = options;
    this.target = options.random.pick(options.servers);
  }

  /**
   * Under which it opens its session. An operation whose outcome is unknown may still be applied, so the next one must
   * not share its session: a new one, and a new name, after every operation that was given up, and after every crash.
   */
  get name(): string {
    return `${this.options.client}.${this.options.incarnation}.${this.abandoned}`;
  }

  get deadline(): Instant | null {
    return this.inFlight === null ? null : Math.min(this.wakeAt, this.inFlight.giveUpAt);
  }

  step(now: Instant, input: ClerkInput): readonly ClerkEffect[] {
    switch (input.kind) {
      case "invoke":
        this.invoke(now, input.operation, input.roam);
        break;
      case "reply":
        this.handleReply(now, input.from, input.call, input.payload as ClerkReply);
        break;
      case "unanswered":
        if (input.call === this.attempt) this.tryNext(now, null);
        break;
      case "deadline":
        this.handleDeadline(now);
        break;
      default:
        assert(false, () => `a clerk has no use for ${input.kind}`);
    }
    const effects = this.effects;
    this.effects = [];
    return effects;
  }

  private invoke(now: Instant, operation: Operation, roam: boolean): void {
    assert(this.inFlight === null, () => `${this.name} has request ${this.request} in flight already`);
    const { patience, random, servers } = this.options;
    this.request++;
    this.inFlight = { operation, giveUpAt: patience === null ? Number.POSITIVE_INFINITY : now + patience };
    this.firstAttempt = this.lastCall + 1;
    if (roam) this.target = random.pick(servers);
    this.startOver(now);
  }

  /** Asks as if nobody had been asked yet. */
  protected startOver(now: Instant): void {
    this.asked.clear();
    this.isPatient = false;
    this.backoff = FIRST_BACKOFF;
    this.send(now);
  }

  protected handleReply(now: Instant, from: NodeId, call: number, reply: ClerkReply): void {
    if (this.inFlight === null || call < this.firstAttempt) return;
    switch (reply.kind) {
      // The first three, whichever attempt they answer: on a network slower than the attempt timeout, every answer is
      // to an earlier one.
      case "sessionOpened":
        if (this.session === null) this.useSession(now, from, reply.session);
        break;
      case "result":
        assert(
          reply.request === this.request,
          () => `${this.name} got ${reply.request}, not ${this.request}`,
        );
        this.target = from;
        this.finish({ kind: "return", result: reply.result });
        break;
      case "expired":
        this.giveUp();
        break;
      case "notLeader":
        if (call === this.attempt) this.tryNext(now, reply);
        break;
      case "superseded":
        assert(
          call !== this.attempt,
          () => `${this.name} was told that its own request ${this.request} is old`,
        );
        break;
      default:
        unreachable(reply);
    }
  }

  /** Who opened it leads, so the operation goes there first. A second one, opened for a retry, stays unused. */
  private useSession(now: Instant, from: NodeId, session: number): void {
    this.session = session;
    this.target = from;
    this.startOver(now);
  }

  private handleDeadline(now: Instant): void {
    if (this.inFlight === null) return;
    if (now >= this.inFlight.giveUpAt) {
      this.giveUp();
    } else if (now >= this.wakeAt) {
      if (this.attempt === null) this.send(now);
      else this.tryNext(now, null);
    }
  }

  /**
   * Each server in rapid succession, a hinted one first; when all were asked in vain, a pause. From then on an election
   * is likely under way, and a refusal is followed by a pause too: whoever hears of the next leader tells, and the
   * others would only say the same again. Silence took its time already. A hint at one that was asked in this round
   * waits for the next: a silent leader and its follower would send the clerk to and fro between them, and it would
   * never ask the majority that has elected another.
   */
  protected tryNext(now: Instant, refusal: NotLeader | null): void {
    const everybody = this.options.servers.every((server) => this.asked.has(server));
    if (everybody) {
      this.asked.clear();
      this.isPatient = true;
    }
    const hint = refusal?.hint ?? null;
    const isHinted = hint !== null && !this.asked.has(hint);
    this.target = isHinted ? hint : this.nextToAsk();
    const isRefused = refusal !== null && !isHinted;
    if (everybody || (this.isPatient && isRefused)) this.pause(now);
    else this.send(now);
  }

  private nextToAsk(): NodeId {
    let next = this.serverAfter(this.target);
    while (this.asked.has(next)) next = this.serverAfter(next);
    return next;
  }

  private pause(now: Instant): void {
    this.attempt = null;
    this.wakeAt = now + this.backoff + this.options.random.below(this.backoff);
    this.backoff = Math.min(2 * this.backoff, LAST_BACKOFF);
  }

  private send(now: Instant): void {
    assert(this.inFlight !== null, () => `${this.name} has nothing to send`);
    this.asked.add(this.target);
    this.attempt = ++this.lastCall;
    this.wakeAt = now + this.options.attemptTimeout;
    const { session, request } = this;
    const payload: KvMessage =
      session === null
        ? { kind: "openSession", clerk: this.name }
        : { kind: "clerkRequest", session, request, operation: this.inFlight.operation };
    this.effects.push({
      kind: "request",
      to: this.target,
      call: this.attempt,
      payload: Object.freeze(payload),
    });
  }

  protected giveUp(): void {
    this.finish({ kind: "giveUp" });
    this.abandoned++;
    this.session = null;
    this.request = 0;
  }

  private finish(effect: ClerkEffect): void {
    this.inFlight = null;
    this.attempt = null;
    this.effects.push(effect);
  }

  private serverAfter(server: NodeId): NodeId {
    const { servers } = this.options;
    return servers[(servers.indexOf(server) + 1) % servers.length]!;
  }
}
