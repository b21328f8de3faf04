/** Small systems for the lab to judge: one server is a correct register, and each test spoils what it is about. */

import {
  type Effect,
  type Input,
  type Instant,
  MILLISECOND,
  type OwnSystem,
  type ServerActor,
  type ServerBoot,
} from "linlab/lab";
import { type RegisterInput, type RegisterOutput, register } from "porcupine-ts";

export type Payload = RegisterInput | RegisterOutput;
export type Step = (
  now: Instant,
  input: Input<Payload>,
  disk: string[],
) => readonly Effect<Payload, string>[] | null;

/** Writes to its disk and then answers; `spoil` may answer in its place. */
class Keeper implements ServerActor<Payload, string> {
  deadline: Instant | null = null;
  private readonly values: string[];
  private readonly spoil: Step;
  private marks = 0;

  constructor({ disk }: ServerBoot<string>, spoil: Step) {
    this.values = [...disk];
    this.spoil = spoil;
  }

  step(now: Instant, input: Input<Payload>): readonly Effect<Payload, string>[] {
    const spoilt = this.spoil(now, input, this.values);
    if (spoilt !== null) return spoilt;
    if (input.kind !== "request") return [];
    const { from: to, call, payload } = input;
    const reply = (answer: RegisterOutput) => ({ kind: "reply", to, call, payload: answer }) as const;
    // After all writes so far, so that nobody reads what a crash may take back.
    const value = this.values.at(-1) ?? null;
    if (payload.kind === "write") this.values.push(payload.value as string);
    const record = payload.kind === "write" ? (payload.value as string) : null;
    const answer = payload.kind === "write" ? reply({ kind: "done" }) : reply({ kind: "value", value });
    return [{ kind: "persist", mark: ++this.marks, record, thenSend: [answer] }];
  }
}

/** One server, which a copy of a request would deceive, so nothing is duplicated. */
export function keeper(spoil: Step = () => null): OwnSystem<RegisterInput, RegisterOutput, Payload, string> {
  return {
    model: register,
    operations: [() => ({ kind: "read" }), (value) => ({ kind: "write", value })],
    servers: 1,
    faults: ["partition", "crash", "pause", "loss", "delay", "reordering"],
    thinkTime: 10 * MILLISECOND,
    server: (boot) => new Keeper(boot, spoil),
  };
}
