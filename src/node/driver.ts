/**
 * What runs one actor in a real process: the real clock, a timer for its deadline, a journal for what must be durable.
 * lab/sim/world.ts does the same for the simulation, and one conformance suite runs on both.
 */

import type { Actor, Effect, Input, Instant, Message, Persist } from "../base/index.ts";

export interface Surroundings<Payload, DiskRecord, Notice> {
  /** Calls back when the records are on disk, and never before. Null for an actor that writes nothing. */
  readonly journal: { append(records: readonly DiskRecord[], done: () => void): void } | null;
  send(message: Message<Payload>): void;
  /** What the actor tells beyond messages and writes. */
  notice(notice: Notice): void;
}

/** `Command` is what an actor may be told beyond what every actor is. */
export class Driver<Payload, DiskRecord = never, Notice = never, Command = never> {
  private readonly actor: Actor<Input<Payload> | Command, Effect<Payload, DiskRecord> | Notice>;
  private readonly around: Surroundings<Payload, DiskRecord, Notice>;
  private readonly inbox: (Input<Payload> | Command)[] = [];
  private isStepping = false;
  /** What the next write takes along. */
  private waiting: Persist<Payload, DiskRecord>[] = [];
  private isWriting = false;
  private timer: NodeJS.Timeout | null = null;
  private isStopped = false;

  constructor(
    actor: Actor<Input<Payload> | Command, Effect<Payload, DiskRecord> | Notice>,
    around: Surroundings<Payload, DiskRecord, Notice>,
  ) {
    this.actor = actor;
    this.around = around;
    this.scheduleWake();
  }

  /** An actor is never stepped twice at once: what comes while it is (an answer from the same process) waits. */
  deliver(input: Input<Payload> | Command): void {
    this.inbox.push(input);
    if (this.isStepping || this.isStopped) return;
    this.isStepping = true;
    for (let next = this.inbox.shift(); next !== undefined; next = this.inbox.shift()) {
      for (const effect of this.actor.step(now(), next)) this.perform(effect);
    }
    this.isStepping = false;
    this.scheduleWake();
  }

  /** Nothing is done, and nothing sent, from now on. */
  stop(): void {
    this.isStopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private perform(effect: Effect<Payload, DiskRecord> | Notice): void {
    const known = effect as Effect<Payload, DiskRecord>;
    if (known.kind === "request" || known.kind === "reply") {
      this.around.send(known);
    } else if (known.kind === "persist") {
      this.waiting.push(known);
      this.write();
    } else {
      this.around.notice(effect as Notice);
    }
  }

  /** One write at a time; all that is persisted meanwhile is the next one. */
  private write(): void {
    if (this.isWriting || this.waiting.length === 0) return;
    const batch = this.waiting;
    this.waiting = [];
    this.isWriting = true;
    const records = batch.flatMap(({ record }) => (record === null ? [] : [record]));
    // Without a record it only waited for those before it.
    if (records.length === 0) this.wrote(batch);
    else this.around.journal!.append(records, () => this.wrote(batch));
  }

  private wrote(batch: readonly Persist<Payload, DiskRecord>[]): void {
    if (this.isStopped) return;
    this.isWriting = false;
    for (const { thenSend } of batch) for (const message of thenSend) this.around.send(message);
    this.deliver({ kind: "durable", mark: batch.at(-1)!.mark });
    this.write();
  }

  private scheduleWake(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    const { deadline } = this.actor;
    if (deadline === null || this.isStopped) return;
    const milliseconds = Math.max(0, Math.ceil((deadline - now()) / 1000));
    this.timer = setTimeout(() => this.deliver({ kind: "deadline" }), milliseconds);
  }
}

/** This process's own clock: it only goes forward, and says nothing to others. */
export function now(): Instant {
  return Math.round(performance.now() * 1000);
}
