/** A client: thinks, asks through its clerk, waits. An actor like the servers, so it crashes and comes back as they do. */

import type { Actor, Duration, Input, Instant, Message, Random } from "../../src/base/index.ts";
import {
  Clerk,
  type ClerkEffect,
  type ClerkOptions,
  type KvMessage,
  type Operation,
  type Result,
} from "../../src/kv/index.ts";
import type { Generator } from "./commands.ts";

/** What a client tells the recorder. There is no notice for "failed": see the history's Indeterminate. */
export type ClientNotice =
  | { readonly kind: "invoke"; readonly operation: Operation }
  | { readonly kind: "response"; readonly result: Result }
  | { readonly kind: "indeterminate" };

export interface ClientOptions {
  readonly clerk: ClerkOptions;
  readonly generator: Generator;
  /** For think times and roaming. */
  readonly random: Random;
  readonly thinkTime: Duration;
  readonly roaming: number;
  /** No operation begins at or after this instant. */
  readonly stopAt: Instant;
}

export class Client implements Actor<Input<KvMessage>, Message<KvMessage> | ClientNotice> {
  private readonly options: ClientOptions;
  private readonly clerk: Clerk;
  private current: Operation | null = null;
  /** When the next operation begins; null when there will be none. */
  private nextAt: Instant | null;
  private out: (Message<KvMessage> | ClientNotice)[] = [];

  /** `ClerkClass` is the seam for mutants. */
  constructor(options: ClientOptions, now: Instant, ClerkClass: typeof Clerk = Clerk) {
    this.options = options;
    this.clerk = new ClerkClass(options.clerk);
    this.nextAt = this.afterThinking(now);
  }

  get deadline(): Instant | null {
    return this.current === null ? this.nextAt : this.clerk.deadline;
  }

  step(now: Instant, input: Input<KvMessage>): readonly (Message<KvMessage> | ClientNotice)[] {
    if (this.current !== null) this.follow(now, this.clerk.step(now, input));
    else if (input.kind === "deadline" && this.nextAt !== null && now >= this.nextAt) this.begin(now);
    const out = this.out;
    this.out = [];
    return out;
  }

  private begin(now: Instant): void {
    this.nextAt = null;
    // Who was paused meanwhile may wake after the end.
    if (now >= this.options.stopAt) return;
    const operation = this.options.generator.next();
    if (operation === null) return;
    this.current = Object.freeze(operation);
    this.out.push({ kind: "invoke", operation });
    const roam = operation.kind === "get" && this.options.random.chance(this.options.roaming);
    this.follow(now, this.clerk.step(now, { kind: "invoke", operation, roam }));
  }

  private follow(now: Instant, effects: readonly ClerkEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === "return") {
        this.options.generator.learn(this.current!, effect.result);
        this.out.push({ kind: "response", result: effect.result });
      } else if (effect.kind === "giveUp") {
        this.out.push({ kind: "indeterminate" });
      } else {
        this.out.push(effect);
        continue;
      }
      this.current = null;
      this.nextAt = this.afterThinking(now);
    }
  }

  private afterThinking(now: Instant): Instant | null {
    const at = now + this.options.random.below(2 * this.options.thinkTime + 1);
    return at < this.options.stopAt ? at : null;
  }
}
