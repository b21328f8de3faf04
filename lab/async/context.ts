/** What async code gets from the lab in place of its host: a clock, timers, a network, chance, a disk. */

import { type Instant, MILLISECOND, type NodeId, type Persist, type Random } from "../../src/base/index.ts";
import { type Boot, copyOf, type ServerBoot, textOf } from "../own/index.ts";
import type { Engine } from "./engine.ts";

export interface ClientContext {
  readonly id: NodeId;
  readonly servers: readonly NodeId[];
  /** How often this node has crashed. */
  readonly incarnation: number;
  /** All chance must come from here. */
  readonly random: Random;
  /** Milliseconds of virtual time. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  /**
   * The reply, or null if none came in time (200 ms if not said): the request may have been handled all the same, and
   * may still be, even twice. Messages are plain JSON data.
   */
  send<Reply = unknown>(to: NodeId, message: unknown, timeout?: number): Promise<Reply | null>;
}

export interface Context extends ClientContext {
  /** The other servers. */
  readonly peers: readonly NodeId[];
  readonly disk: KeyedDisk;
}

/** A disk of values by name. A crash keeps what was durable, and of the rest a first part, often none. */
export interface KeyedDisk {
  /** What was put last, durable or not; at the start what the disk kept. A copy; null if there is nothing. */
  get<Value = unknown>(name: string): Value | null;
  /** Resolves when the value is durable, and all that was put before it. Plain JSON data. */
  put(name: string, value: unknown): Promise<void>;
}

export interface Put {
  readonly name: string;
  readonly value: unknown;
}

/** The part of a context that clients have too. */
export function contextOf<Said>(
  { id, servers, incarnation, random }: Boot,
  engine: Engine<Said>,
): ClientContext {
  return {
    ...{ id, servers, incarnation, random },
    now: () => engine.now / MILLISECOND,
    sleep: (milliseconds) => engine.sleep(milliseconds),
    send: <Reply>(to: NodeId, message: unknown, timeout?: number) =>
      engine.send(to, message, timeout) as Promise<Reply | null>,
  };
}

type Write = Persist<unknown, Put>;

/** The disk as its server sees it; the world's disk decides what a crash leaves. */
export class EngineDisk implements KeyedDisk {
  private readonly engine: Engine<Write>;
  /** As JSON. */
  private readonly values = new Map<string, string>();
  private readonly waiting: { readonly mark: number; readonly resolve: () => void }[] = [];
  private marks = 0;

  constructor({ disk }: ServerBoot<Put>, engine: Engine<Write>) {
    this.engine = engine;
    for (const { name, value } of disk) this.values.set(name, JSON.stringify(value));
  }

  get<Value>(name: string): Value | null {
    const text = this.values.get(name);
    return text === undefined ? null : (JSON.parse(text) as Value);
  }

  put(name: string, value: unknown): Promise<void> {
    this.values.set(name, textOf(value, `what is put on the disk as ${name}`));
    const mark = ++this.marks;
    this.engine.say({ kind: "persist", mark, record: { name, value: copyOf(value) }, thenSend: [] });
    return new Promise((resolve) => this.waiting.push({ mark, resolve }));
  }

  durable(upTo: Instant): void {
    while (this.waiting.length > 0 && this.waiting[0]!.mark <= upTo) this.waiting.shift()!.resolve();
  }
}
