/** A replicated register as an async class, broken on purpose: it writes to all and reads from any. */

import type { AsyncSystem, Context } from "linlab/async";
import { type RegisterInput, type RegisterOutput, register } from "porcupine-ts";

type Request = RegisterInput | { readonly kind: "copy"; readonly value: string };

class Register {
  private readonly context: Context;

  constructor(context: Context) {
    this.context = context;
  }

  async handle(request: Request): Promise<RegisterOutput> {
    const { disk, peers } = this.context;
    if (request.kind === "read") return { kind: "value", value: disk.get<string>("value") };
    await disk.put("value", request.value);
    if (request.kind === "write") {
      const { value } = request;
      await Promise.all(peers.map((peer) => this.context.send(peer, { kind: "copy", value })));
    }
    return { kind: "done" };
  }
}

export const broken: AsyncSystem<RegisterInput, RegisterOutput> = {
  model: register,
  operations: [() => ({ kind: "read" }), (value) => ({ kind: "write", value })],
  server: Register,
};
