/**
 * A caller: thinks, asks through its protocol, waits, and tells what it saw. An actor like the servers, so it crashes
 * and comes back as they do; and it knows no operation by name, so it calls whatever system there is.
 */

import type { Actor, Input, Instant, Message } from "../../src/base/index.ts";
import type { Agenda } from "./agenda.ts";

/** What a client tells the recorder. There is no notice for "failed": see the history's Indeterminate. */
export type Notice<Operation, Result> =
  | { readonly kind: "invoke"; readonly operation: Operation }
  | { readonly kind: "response"; readonly result: Result }
  | { readonly kind: "indeterminate" };

/**
 * The stub between a caller and its servers: how an operation becomes requests, and replies a result. It is stepped
 * while an operation is open, and woken by its deadline only then; `invoke` opens one, `return` or `giveUp` closes it.
 */
export type Protocol<Payload, Operation, Result> = Actor<
  ProtocolInput<Payload, Operation>,
  ProtocolEffect<Payload, Result>
>;

export type ProtocolInput<Payload, Operation> =
  | Input<Payload>
  /** `roam`: ask any server first, not the one that answered last. Finds servers that wrongly believe to lead. */
  | { readonly kind: "invoke"; readonly operation: Operation; readonly roam: boolean };

export type ProtocolEffect<Payload, Result> =
  | Message<Payload>
  | { readonly kind: "return"; readonly result: Result }
  /** Nobody waits any longer: the operation may have taken effect, may still, or never will. */
  | { readonly kind: "giveUp" };

export interface CallerOptions<Payload, Operation, Result> {
  readonly protocol: Protocol<Payload, Operation, Result>;
  readonly agenda: Agenda<Operation, Result>;
}

type CallerEffect<Payload, Operation, Result> = Message<Payload> | Notice<Operation, Result>;

export class Caller<Payload, Operation, Result>
  implements Actor<Input<Payload>, CallerEffect<Payload, Operation, Result>>
{
  private readonly options: CallerOptions<Payload, Operation, Result>;
  private current: Operation | null = null;
  /** When the next operation begins; null when there will be none. */
  private nextAt: Instant | null;
  private out: CallerEffect<Payload, Operation, Result>[] = [];

  constructor(options: CallerOptions<Payload, Operation, Result>, now: Instant) {
    this.options = options;
    this.nextAt = options.agenda.after(now);
  }

  get deadline(): Instant | null {
    return this.current === null ? this.nextAt : this.options.protocol.deadline;
  }

  step(now: Instant, input: Input<Payload>): readonly CallerEffect<Payload, Operation, Result>[] {
    if (this.current !== null) this.follow(now, this.options.protocol.step(now, input));
    else if (input.kind === "deadline" && this.nextAt !== null && now >= this.nextAt) this.begin(now);
    const out = this.out;
    this.out = [];
    return out;
  }

  private begin(now: Instant): void {
    this.nextAt = null;
    const { agenda, protocol } = this.options;
    const errand = agenda.begin(now);
    if (errand === null) return;
    const { operation, roam } = errand;
    this.current = Object.freeze(operation);
    this.out.push({ kind: "invoke", operation });
    this.follow(now, protocol.step(now, { kind: "invoke", operation, roam }));
  }

  private follow(now: Instant, effects: readonly ProtocolEffect<Payload, Result>[]): void {
    for (const effect of effects) {
      if (effect.kind === "return") {
        this.options.agenda.learn(this.current!, effect.result);
        this.out.push({ kind: "response", result: effect.result });
      } else if (effect.kind === "giveUp") {
        this.out.push({ kind: "indeterminate" });
      } else {
        this.out.push(effect);
        continue;
      }
      this.current = null;
      this.nextAt = this.options.agenda.after(now);
    }
  }
}
