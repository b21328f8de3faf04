/** One clerk, in a test's hands: the test plays the servers and the clock. */

import { type Instant, type Message, type NodeId, Random } from "../../src/base/index.ts";
import {
  Clerk,
  type ClerkEffect,
  type ClerkInput,
  type ClerkOptions,
  type ClerkReply,
  type ClerkRequest,
  type KvMessage,
  type OpenSession,
  type Operation,
} from "../../src/kv/index.ts";

export type Outcome = Exclude<ClerkEffect, Message<KvMessage>>;

export interface Attempt {
  readonly at: Instant;
  readonly to: NodeId;
  readonly call: number;
  readonly payload: ClerkRequest | OpenSession;
}

export class Desk {
  readonly clerk: Clerk;
  now: Instant = 0;
  /** Every attempt so far; without those to open a session, if the test lets the desk answer them. */
  readonly attempts: Attempt[] = [];
  /** How the operations ended. */
  readonly outcomes: Outcome[] = [];

  private readonly opens: boolean;
  private sessions = 0;

  /** The desk opens sessions itself, at once: 1, 2, 3 ... Unless it is told not to. */
  constructor(options: Partial<ClerkOptions> = {}, { opens = true } = {}) {
    this.opens = opens;
    this.clerk = new Clerk({
      client: "c",
      incarnation: 0,
      servers: ["n1", "n2", "n3"],
      random: new Random("desk"),
      attemptTimeout: 300_000,
      patience: null,
      ...options,
    });
  }

  step(input: ClerkInput): void {
    for (const effect of this.clerk.step(this.now, input)) {
      if (effect.kind === "return" || effect.kind === "giveUp") this.outcomes.push(effect);
      else {
        const { to, call } = effect;
        const payload = effect.payload as Attempt["payload"];
        const attempt = { at: this.now, to, call, payload };
        if (payload.kind === "clerkRequest" || !this.opens) this.attempts.push(attempt);
        else this.answer({ kind: "sessionOpened", session: ++this.sessions }, attempt);
      }
    }
  }

  invoke(operation: Operation, roam = false): void {
    this.step({ kind: "invoke", operation, roam });
  }

  get latest(): Attempt {
    return this.attempts.at(-1)!;
  }

  /** The servers asked, in order. */
  get asked(): NodeId[] {
    return this.attempts.map((attempt) => attempt.to);
  }

  answer(payload: ClerkReply, { to, call }: Attempt = this.latest): void {
    this.step({ kind: "reply", from: to, call, payload });
  }

  unanswered({ to, call }: Attempt = this.latest): void {
    this.step({ kind: "unanswered", from: to, call });
  }

  /** Sleeps until the clerk's deadline. */
  expire(): void {
    this.now = this.clerk.deadline!;
    this.step({ kind: "deadline" });
  }
}
