/** A replicated register as an actor, broken on purpose: a write is acknowledged before the others have it. */

import type { Effect, Input, Instant, NodeId, OwnSystem, ServerActor, ServerBoot } from "linlab/lab";
import { type RegisterInput, type RegisterOutput, register } from "porcupine-ts";

type Copy = { readonly kind: "copy"; readonly value: string | null };
type Payload = RegisterInput | RegisterOutput | Copy;

class Replica implements ServerActor<Payload> {
  readonly deadline = null;
  private readonly peers: readonly NodeId[];
  private value: string | null = null;
  private calls = 0;

  constructor({ id, servers }: ServerBoot<never>) {
    this.peers = servers.filter((server) => server !== id);
  }

  step(_now: Instant, input: Input<Payload>): readonly Effect<Payload, never>[] {
    if (input.kind !== "request") return [];
    const { from: to, call, payload } = input;
    const reply = (answer: RegisterOutput) => ({ kind: "reply", to, call, payload: answer }) as const;
    if (payload.kind === "read") return [reply({ kind: "value", value: this.value })];
    if (payload.kind !== "write" && payload.kind !== "copy") return [];
    this.value = payload.value as string;
    const copy: Copy = { kind: "copy", value: this.value };
    const copies = this.peers.map(
      (peer) => ({ kind: "request", to: peer, call: ++this.calls, payload: copy }) as const,
    );
    return payload.kind === "write" ? [reply({ kind: "done" }), ...copies] : [reply({ kind: "done" })];
  }
}

export const brokenActors: OwnSystem<RegisterInput, RegisterOutput, Payload> = {
  model: register,
  operations: [() => ({ kind: "read" }), (value) => ({ kind: "write", value })],
  server: (boot) => new Replica(boot),
};
