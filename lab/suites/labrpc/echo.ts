/**
 * Toy servers for labrpc's own tests: no state, one handler for each type of argument, and clients that call when the
 * script says so. Every message passes through its bytes, as labgob made it there.
 */

import type { Actor, Duration, Effect, Input, Instant, NodeId, Random } from "../../../src/base/index.ts";
import {
  type Codec,
  decode,
  encode,
  encodedSize,
  list,
  Meter,
  nullable,
  struct,
  text,
  uint,
  union,
} from "../../../src/codec/index.ts";
import { type Conditions, perfectConditions, World } from "../../sim/index.ts";
import { fail } from "../suite.ts";

/** What calls carry: enough types to see that each comes through as itself. */
export type Value =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "list"; readonly values: readonly number[] }
  | { readonly kind: "record"; readonly id: number; readonly label: string | null };

const valueCodec = union({
  number: struct({ value: uint }),
  text: struct({ value: text }),
  list: struct({ values: list(uint) }),
  record: struct({ id: uint, label: nullable(text) }),
}) as Codec<Value>;

export function bytesOf(value: Value): number {
  return encodedSize(valueCodec, value);
}

/** A text is answered with its length, a number with a text of that length, everything else with itself. */
export function answerTo(value: Value): Value {
  if (value.kind === "text") return { kind: "number", value: value.value.length };
  if (value.kind === "number") return { kind: "text", value: "y".repeat(value.value) };
  return value;
}

/** A call as its caller sees it. */
export interface Call {
  readonly sentAt: Instant;
  /** When the caller heard of its end: the reply, or that there is none. Null before that. */
  endedAt: Instant | null;
  answer: Value | null;
  /** How often the caller heard. */
  endings: number;
}

interface CallOut {
  readonly kind: "call";
  readonly to: NodeId;
  readonly call: number;
  readonly value: Value;
}

interface Ended {
  readonly kind: "ended";
  readonly call: number;
  readonly answer: Value | null;
}

type Output = Effect<Value, never> | Ended;

class Echo implements Actor<Input<Value> | CallOut, Output> {
  private readonly work: Duration;
  private readonly jobs: { readonly due: Instant; readonly reply: Output }[] = [];

  constructor(work: Duration) {
    this.work = work;
  }

  /** All handlers run equally long, so they end in the order in which they began. */
  get deadline(): Instant | null {
    return this.jobs[0]?.due ?? null;
  }

  step(now: Instant, input: Input<Value> | CallOut): readonly Output[] {
    switch (input.kind) {
      case "call":
        return [{ kind: "request", to: input.to, call: input.call, payload: input.value }];
      case "request": {
        const { from: to, call, payload } = input;
        const reply = { kind: "reply", to, call, payload: answerTo(payload) } as const;
        if (this.work === 0) return [reply];
        this.jobs.push({ due: now + this.work, reply });
        return [];
      }
      case "reply":
        return [{ kind: "ended", call: input.call, answer: input.payload }];
      case "unanswered":
        return [{ kind: "ended", call: input.call, answer: null }];
      default: {
        const due = this.jobs.filter((job) => job.due <= now);
        this.jobs.splice(0, due.length);
        return due.map((job) => job.reply);
      }
    }
  }
}

export interface EchoOptions {
  readonly random: Random;
  readonly clients: number;
  readonly servers: number;
  readonly conditions: Partial<Conditions>;
  /** How long a handler runs. */
  readonly work: Duration;
}

export class EchoLab {
  readonly world: World<Value, never, null, Ended, CallOut>;
  readonly clients: readonly NodeId[];
  readonly servers: readonly NodeId[];
  private readonly calls: Call[] = [];

  constructor({ random, clients, servers, conditions, work }: EchoOptions) {
    this.clients = Array.from({ length: clients }, (_, i) => `c${i + 1}`);
    this.servers = Array.from({ length: servers }, (_, i) => `s${i + 1}`);
    const nodes = [...this.clients, ...this.servers];
    this.world = new World<Value, never, null, Ended, CallOut>({
      random,
      nodes,
      wire: {
        weigh(value, digest) {
          const meter = new Meter(digest);
          valueCodec.write(meter, value);
          return meter.size;
        },
        carry: (value) => decode(valueCodec, encode(valueCodec, value)),
      },
      storage: { empty: () => null, write: () => {} },
      conditions: { ...perfectConditions, ...conditions },
      boot: () => new Echo(work),
    });
    this.world.observe({ noticed: (_, { call, answer }) => this.ended(this.calls[call - 1]!, answer) });
    for (const id of nodes) this.world.start(id);
  }

  private ended(call: Call, answer: Value | null): void {
    call.endings++;
    if (call.endings > 1) fail(`a call ended ${call.endings} times`);
    call.endedAt = this.world.now;
    call.answer = answer;
  }

  get callCount(): number {
    return this.calls.length;
  }

  get network() {
    return this.world.network;
  }

  /** Calls now, and does not wait: Go's `go end.Call`. */
  start(from: NodeId, to: NodeId, value: Value): Call {
    const call: Call = { sentAt: this.world.now, endedAt: null, answer: null, endings: 0 };
    this.calls.push(call);
    this.world.inject(from, { kind: "call", to, call: this.calls.length, value });
    return call;
  }

  /** Calls, and waits until nothing is going on any more. */
  call(from: NodeId, to: NodeId, value: Value): Call {
    const call = this.start(from, to, value);
    this.settle();
    return call;
  }

  sleep(duration: Duration): void {
    this.world.run(this.world.now + duration);
  }

  settle(): void {
    while (this.world.step(Number.MAX_SAFE_INTEGER));
  }

  /** The call got the answer that its handler gives. */
  expectAnswer(call: Call, to: Value): void {
    const [actual, expected] = [JSON.stringify(call.answer), JSON.stringify(answerTo(to))];
    if (actual !== expected) fail(`${JSON.stringify(to)} was answered with ${actual}, expected ${expected}`);
  }

  /** The caller has been told that there is no answer. */
  expectUnanswered(call: Call): void {
    if (call.answer !== null) fail(`a call that could not be delivered was answered`);
    if (call.endedAt === null) fail("a call that cannot be answered never came back");
  }

  expectHandled(server: NodeId, expected: number): void {
    const handled = this.network.dispatchedAt(server);
    if (handled !== expected) fail(`${server} handled ${handled} calls, expected ${expected}`);
  }
}
