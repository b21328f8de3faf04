/** An async client as a protocol: what it does for one operation is one call of one method. */

import type { Instant, Message } from "../../src/base/index.ts";
import type { Boot, Protocol, ProtocolEffect, ProtocolInput } from "../own/index.ts";
import { type ClientContext, contextOf } from "./context.ts";
import { Engine } from "./engine.ts";
import type { Pulse } from "./pulse.ts";

/** The class is constructed at every start of a client. */
export interface AsyncClient<Operation, Result> {
  /**
   * One operation, from its call to its result. Null: it has given up, and nobody knows whether the operation took
   * effect. What it still waits for when it has returned never comes.
   */
  call(operation: Operation): Promise<Result | null>;
}

export type AsyncClientClass<Operation, Result> = new (
  context: ClientContext,
) => AsyncClient<Operation, Result>;

type Said<Result> = Exclude<ProtocolEffect<unknown, Result>, Message<unknown>>;

export class AsyncProtocol<Operation, Result> implements Protocol<unknown, Operation, Result> {
  private readonly engine: Engine<Said<Result>>;
  private readonly client: AsyncClient<Operation, Result>;

  constructor(Client: AsyncClientClass<Operation, Result>, boot: Boot, pulse: Pulse) {
    this.engine = new Engine(boot.id, boot.now, pulse);
    this.client = new Client(contextOf(boot, this.engine));
  }

  get deadline(): Instant | null {
    return this.engine.deadline;
  }

  step(now: Instant, input: ProtocolInput<unknown, Operation>): readonly ProtocolEffect<unknown, Result>[] {
    if (input.kind !== "invoke") this.engine.hear(now, input);
    else {
      this.engine.now = now;
      this.engine.forget();
      void this.carryOut(input.operation);
    }
    return this.engine.take();
  }

  private async carryOut(operation: Operation): Promise<void> {
    try {
      const result = await this.client.call(operation);
      this.engine.say(result === null ? { kind: "giveUp" } : { kind: "return", result });
    } catch (error) {
      this.engine.fail(error);
    }
  }
}
