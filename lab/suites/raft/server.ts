/**
 * What the Raft suites run on each server: Raft and nothing on top of it, except that every committed entry is told to
 * the tester one by one, as ApplyMsg is in the Go labs. A service that cuts snapshots belongs here.
 */

import type { Actor, Effect, Instant } from "../../../src/base/index.ts";
import { type Codec, decode, encode, Meter, struct, text, uint, union } from "../../../src/codec/index.ts";
import {
  type Raft,
  type RaftInput,
  type RaftMessage,
  type RaftRecord,
  raftCodecs,
} from "../../../src/raft/index.ts";
import type { Wire } from "../../sim/index.ts";

/** What suites replicate: a number, or a text where the size matters. */
export type Command = number | string;

/** The ApplyMsg of the Go labs. */
export interface Apply {
  readonly kind: "apply";
  readonly index: number;
  readonly command: Command;
}

type Output = Effect<RaftMessage, RaftRecord> | Apply;

export class RaftServer implements Actor<RaftInput, Output> {
  readonly raft: Raft;

  constructor(raft: Raft) {
    this.raft = raft;
  }

  get deadline(): Instant | null {
    return this.raft.deadline;
  }

  step(now: Instant, input: RaftInput): readonly Output[] {
    const outputs: Output[] = [];
    for (const effect of this.raft.step(now, input)) {
      if (effect.kind !== "commit") outputs.push(effect);
      else
        for (const [i, { command }] of effect.entries.entries()) {
          outputs.push({ kind: "apply", index: effect.index + i, command: command as Command });
        }
    }
    return outputs;
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

const messageCodec = union(raftCodecs(commandCodec as Codec<unknown>)) as Codec<RaftMessage>;

/** Every message passes through its bytes, as labgob made it in the Go labs: nothing is shared between servers. */
export const raftWire: Wire<RaftMessage> = {
  weigh(message, digest) {
    const meter = new Meter(digest);
    messageCodec.write(meter, message);
    return meter.bytes;
  },
  carry: (message) => decode(messageCodec, encode(messageCodec, message)),
};
