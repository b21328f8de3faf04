/**
 * What the Raft suites run on each server: Raft, and a service on top of it that does nothing but keep all commands in
 * order. It tells the tester of each, as ApplyMsg does in the Go labs, and cuts a snapshot of all of them now and then.
 */

import type { Actor, Effect, Instant } from "../../../src/base/index.ts";
import {
  type Codec,
  decode,
  encode,
  list,
  Meter,
  struct,
  text,
  uint,
  union,
} from "../../../src/codec/index.ts";
import {
  type Raft,
  type RaftEffect,
  type RaftInput,
  type RaftMessage,
  type RaftRecord,
  raftCodecs,
  type Snapshot,
} from "../../../src/raft/index.ts";
import type { Wire } from "../../sim/index.ts";
import { fail } from "../suite.ts";

/** What suites replicate: a number, or a text where the size matters. */
export type Command = number | string;

/** The ApplyMsg of the Go labs: one command, or all up to an index at once. */
export type ApplyMessage =
  | { readonly kind: "apply"; readonly index: number; readonly command: Command }
  | { readonly kind: "restored"; readonly commands: readonly Command[] };

type Output = Effect<RaftMessage, RaftRecord> | ApplyMessage;

export class RaftServer implements Actor<RaftInput, Output> {
  readonly raft: Raft;
  /** What was applied, from index 1. */
  commands: Command[] = [];
  private readonly snapshotInterval: number | null;
  private outputs: Output[] = [];

  /** A snapshot is cut after every so many entries; with null, never. */
  constructor(raft: Raft, snapshotInterval: number | null) {
    this.raft = raft;
    this.snapshotInterval = snapshotInterval;
    if (raft.snapshot !== null) this.commands = commandsIn(raft.snapshot);
  }

  get deadline(): Instant | null {
    return this.raft.deadline;
  }

  step(now: Instant, input: RaftInput): readonly Output[] {
    this.perform(now, this.raft.step(now, input));
    const outputs = this.outputs;
    this.outputs = [];
    return outputs;
  }

  private perform(now: Instant, effects: readonly RaftEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === "commit") {
        for (const [i, { command }] of effect.entries.entries()) {
          this.apply(effect.index + i, command as Command);
        }
      } else if (effect.kind === "restore") {
        this.commands = commandsIn(effect.snapshot);
        this.outputs.push({ kind: "restored", commands: [...this.commands] });
      } else if (effect.kind !== "readable") {
        this.outputs.push(effect);
      }
    }
    // Only now, because compacting steps Raft again, and its writes must reach the disk after these.
    if (effects.some((effect) => effect.kind === "commit")) this.compact(now);
  }

  private apply(index: number, command: Command): void {
    this.commands.push(command);
    this.outputs.push({ kind: "apply", index, command });
  }

  private compact(now: Instant): void {
    const { raft, snapshotInterval } = this;
    if (snapshotInterval === null) return;
    // The Go labs cut at 9, 19, 29 ...; what came later stays in the log.
    const index = this.commands.length - ((this.commands.length + 1) % snapshotInterval);
    if (index <= raft.log.snapshotIndex) return;
    const data = encode(snapshotCodec, this.commands.slice(0, index));
    this.perform(now, raft.step(now, { kind: "compact", index, data }));
  }
}

const tagged = union({ number: struct({ value: uint }), text: struct({ value: text }) });

/** One byte tells a number from a text. */
export const commandCodec: Codec<Command> = {
  write(sink, command) {
    if (typeof command === "number") tagged.write(sink, { kind: "number", value: command });
    else tagged.write(sink, { kind: "text", value: command });
  },
  read: (source) => tagged.read(source).value,
};

const snapshotCodec = list(commandCodec);

function commandsIn({ index, data }: Snapshot): Command[] {
  const commands = [...decode(snapshotCodec, data)];
  if (commands.length !== index) fail(`the snapshot up to ${index} holds ${commands.length} commands`);
  return commands;
}

const messageCodec = union(raftCodecs(commandCodec as Codec<unknown>)) as Codec<RaftMessage>;

/** Every message passes through its bytes, as labgob made it in the Go labs: nothing is shared between servers. */
export const raftWire: Wire<RaftMessage> = {
  weigh(message, digest) {
    const meter = new Meter(digest);
    messageCodec.write(meter, message);
    return meter.size;
  },
  carry: (message) => decode(messageCodec, encode(messageCodec, message)),
};
