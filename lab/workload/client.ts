/** A client: thinks, asks through its clerk, waits. An actor like the servers, so it crashes and comes back as they do. */

import type { Actor, Input, Instant, Message } from "../../src/base/index.ts";
import {
  Clerk,
  type ClerkEffect,
  type ClerkOptions,
  type KvMessage,
  type Operation,
  type Result,
} from "../../src/kv/index.ts";
import type { Agenda } from "./agenda.ts";

/** What a client tells the recorder. There is no notice for "failed": see the history's Indeterminate. */
export type ClientNotice =
  | { readonly kind: "invoke"; readonly operation: Operation }
  | { readonly kind: "response"; readonly result: Result }
  | { readonly kind: "indeterminate" };

export interface ClientOptions {
  readonly clerk: ClerkOptions;
  readonly agenda: Agenda;
}

export class Client implements Actor<Input<KvMessage>, Message<KvMessage> | ClientNotice> {
  private readonly agenda: Agenda;
  private readonly clerk: Clerk;
  private current: Operation | null = null;
  /** When the next operation begins; null when there will be none. */
  private nextAt: Instant | null;
  private out: (Message<KvMessage> | ClientNotice)[] = [];

  constructor({ clerk, agenda }: ClientOptions, now: Instant) {
    this.agenda = agenda;
    this.clerk = new Clerk(clerk);
    this.nextAt = agenda.after(now);
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
    const errand = this.agenda.begin(now);
    if (errand === null) return;
    const { operation, roam } = errand;
    this.current = Object.freeze(operation);
    this.out.push({ kind: "invoke", operation });
    this.follow(now, this.clerk.step(now, { kind: "invoke", operation, roam }));
  }

  private follow(now: Instant, effects: readonly ClerkEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === "return") {
        this.agenda.learn(this.current!, effect.result);
        this.out.push({ kind: "response", result: effect.result });
      } else if (effect.kind === "giveUp") {
        this.out.push({ kind: "indeterminate" });
      } else {
        this.out.push(effect);
        continue;
      }
      this.current = null;
      this.nextAt = this.agenda.after(now);
    }
  }
}
