/** A client without a will of its own: a script says what it asks for, and when. */

import type { Input, Instant } from "../../../src/base/index.ts";
import type { Clerk, ClerkEffect, ClerkOptions, KvMessage } from "../../../src/kv/index.ts";
import type { ClientActor, ClientCommand } from "../../cluster/index.ts";

type Output = ReturnType<ClientActor["step"]>[number];

export class Caller implements ClientActor {
  private readonly clerk: Clerk;

  constructor(options: ClerkOptions, ClerkClass: typeof Clerk) {
    this.clerk = new ClerkClass(options);
  }

  get deadline(): Instant | null {
    return this.clerk.deadline;
  }

  step(now: Instant, input: Input<KvMessage> | ClientCommand): readonly Output[] {
    const out = this.clerk.step(now, input).map(outputOf);
    if (input.kind !== "invoke") return out;
    return [{ kind: "invoke", operation: input.operation }, ...out];
  }
}

function outputOf(effect: ClerkEffect): Output {
  switch (effect.kind) {
    case "return":
      return { kind: "response", result: effect.result };
    case "giveUp":
      return { kind: "indeterminate" };
    default:
      return effect;
  }
}
