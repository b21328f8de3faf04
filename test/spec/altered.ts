/** Mutants in one line: Raft, some of whose messages or writes are changed on their way out. */

import type { Message } from "../../src/base/index.ts";
import {
  Raft,
  type RaftEffect,
  type RaftInput,
  type RaftMessage,
  type RaftRecord,
} from "../../src/raft/index.ts";

type Outgoing = Message<RaftMessage>;

/** Says something else in its messages of one kind. */
export function saying<Kind extends RaftMessage["kind"]>(
  kind: Kind,
  other: (message: Extract<RaftMessage, { kind: Kind }>) => object,
): typeof Raft {
  const change = (message: Outgoing): Outgoing =>
    message.payload.kind === kind
      ? { ...message, payload: { ...message.payload, ...other(message.payload as never) } }
      : message;
  return producing((effect) => {
    if (effect.kind === "request" || effect.kind === "reply") return [change(effect as Outgoing)];
    if (effect.kind === "persist")
      return [{ ...effect, thenSend: effect.thenSend.map((each) => change(each as Outgoing)) }];
    return [effect];
  });
}

/** Writes something else. */
export function writing(other: (record: RaftRecord) => Partial<RaftRecord>): typeof Raft {
  return producing((effect) => {
    if (effect.kind !== "persist" || effect.record === null) return [effect];
    return [{ ...effect, record: { ...effect.record, ...other(effect.record) } }];
  });
}

/** Does something else instead of this. */
export function producing(other: (effect: RaftEffect) => readonly RaftEffect[]): typeof Raft {
  return class extends Raft {
    override step(now: number, input: RaftInput): readonly RaftEffect[] {
      return super.step(now, input).flatMap(other);
    }
  };
}
