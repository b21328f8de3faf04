/** An async class as an actor of the simulated world: one instance is one life of one server. */

import type { Effect, Input, Instant, Message, NodeId, Persist } from "../../src/base/index.ts";
import type { ServerActor, ServerBoot } from "../own/index.ts";
import { type Context, contextOf, EngineDisk, type Put } from "./context.ts";
import { Engine } from "./engine.ts";
import type { Pulse } from "./pulse.ts";

/** The class is constructed at every start. */
export interface AsyncServer {
  /** What it resolves to is the reply, plain JSON data; to undefined: there is none, and the caller waits in vain. */
  handle(request: never, from: NodeId): unknown;
  /** As of `ServerActor`. */
  readonly leads?: number | null;
}

export type AsyncServerClass = new (context: Context) => AsyncServer;

export class AsyncServerActor implements ServerActor<unknown, Put> {
  private readonly engine: Engine<Persist<unknown, Put>>;
  private readonly disk: EngineDisk;
  private readonly server: AsyncServer;

  constructor(Server: AsyncServerClass, boot: ServerBoot<Put>, pulse: Pulse) {
    this.engine = new Engine(boot.id, boot.now, pulse);
    this.disk = new EngineDisk(boot, this.engine);
    const peers = boot.servers.filter((id) => id !== boot.id);
    this.server = new Server({ ...contextOf(boot, this.engine), peers, disk: this.disk });
  }

  get deadline(): Instant | null {
    return this.engine.deadline;
  }

  get leads(): number | null {
    return this.server.leads ?? null;
  }

  step(now: Instant, input: Input<unknown>): readonly Effect<unknown, Put>[] {
    this.engine.hear(now, input);
    if (input.kind === "request") void this.serve(input);
    else if (input.kind === "durable") this.disk.durable(input.mark);
    return this.engine.take();
  }

  private async serve({
    from,
    call,
    payload,
  }: Extract<Message<unknown> | Input<unknown>, { from: NodeId; payload: unknown }>) {
    try {
      const reply = await this.server.handle(payload as never, from);
      if (reply !== undefined) this.engine.say({ kind: "reply", to: from, call, payload: reply });
    } catch (error) {
      this.engine.fail(error);
    }
  }
}
