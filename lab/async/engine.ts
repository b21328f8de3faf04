/**
 * What a node's async code waits for, and what it has said. The code goes on between events, when the world stands
 * still: a promise of this node is settled by an input, and all that follows from it is collected until the world
 * takes it. Nothing here outlives its node: of one that has crashed nobody settles a promise any more.
 */

import {
  assert,
  type Duration,
  EventQueue,
  type Input,
  type Instant,
  type Message,
  MILLISECOND,
  type NodeId,
} from "../../src/base/index.ts";
import { copyOf, textOf } from "../own/index.ts";
import type { Pulse } from "./pulse.ts";

/** How long a reply may take, if its caller does not say. */
const TIMEOUT = 200;

/** `Said` is what the node tells beyond messages. */
export class Engine<Said> {
  now: Instant;
  private readonly id: NodeId;
  private readonly pulse: Pulse;
  private readonly calls = new Map<number, (reply: unknown) => void>();
  private timers = new EventQueue<() => void>();
  private lastCall = 0;
  private out: (Message<unknown> | Said)[] = [];
  private failure: unknown = null;

  constructor(id: NodeId, now: Instant, pulse: Pulse) {
    this.id = id;
    this.now = now;
    this.pulse = pulse;
    pulse.touch(id);
  }

  get deadline(): Instant | null {
    return this.timers.nextTime;
  }

  // --- What the code asks for ---

  /** Resolves to the reply, or to null when it is known to be lost or has not come in time (in milliseconds). */
  send(to: NodeId, message: unknown, timeout: number = TIMEOUT): Promise<unknown> {
    const payload = copyOf(checked(message, `what ${this.id} sends`));
    const call = ++this.lastCall;
    this.say({ kind: "request", to, call, payload });
    return new Promise((resolve) => {
      this.calls.set(call, resolve);
      this.after(timeout, () => this.settle(call, null));
    });
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, resolve));
  }

  say(effect: Message<unknown> | Said): void {
    this.out.push(effect);
    this.pulse.touch(this.id);
  }

  /** The code has thrown: the run ends with that. */
  fail(error: unknown): void {
    this.failure ??= error;
    this.pulse.touch(this.id);
  }

  // --- What the world tells ---

  /** Settles what this input settles. Requests, and what is durable, are for the node itself. */
  hear(now: Instant, input: Input<unknown>): void {
    this.now = now;
    switch (input.kind) {
      case "reply":
        this.settle(input.call, input.payload);
        break;
      case "unanswered":
        this.settle(input.call, null);
        break;
      case "deadline":
        while (this.timers.nextTime !== null && this.timers.nextTime <= now) this.timers.pop()();
        break;
      case "request":
      case "durable":
        this.pulse.touch(this.id);
    }
  }

  /** What it has said since it was asked last. Throws what its code has thrown. */
  take(): readonly (Message<unknown> | Said)[] {
    if (this.failure !== null) throw this.failure;
    const { out } = this;
    this.out = [];
    return out;
  }

  /** Nobody waits any more for what was asked for so far. */
  forget(): void {
    this.calls.clear();
    this.timers = new EventQueue();
  }

  private settle(call: number, reply: unknown): void {
    const resolve = this.calls.get(call);
    if (resolve === undefined) return;
    this.calls.delete(call);
    this.pulse.touch(this.id);
    resolve(reply);
  }

  private after(milliseconds: number, act: () => void): void {
    assert(milliseconds >= 0, () => `${this.id} cannot wait for ${milliseconds} ms`);
    const delay: Duration = Math.round(milliseconds * MILLISECOND);
    this.timers.push(this.now + delay, () => {
      this.pulse.touch(this.id);
      act();
    });
  }
}

function checked<T>(data: T, what: string): T {
  textOf(data, what);
  return data;
}
