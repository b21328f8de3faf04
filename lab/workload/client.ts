/** A client of the KV store: a caller whose protocol is the clerk. */

import type { Duration, Instant, Random } from "../../src/base/index.ts";
import { Clerk, type ClerkOptions, type KvMessage, type Operation, type Result } from "../../src/kv/index.ts";
import { Caller, type Notice } from "./caller.ts";
import type { Generator } from "./commands.ts";

export type ClientNotice = Notice<Operation, Result>;

export interface ClientOptions {
  readonly clerk: ClerkOptions;
  readonly generator: Generator;
  /** For think times and roaming. */
  readonly random: Random;
  /** The mean pause between two operations; pauses are uniform from 0 to twice that. */
  readonly thinkTime: Duration;
  /** Gets, of 1000, that ask any server first. */
  readonly roaming: number;
  /** No operation begins at or after this instant. */
  readonly stopAt: Instant;
}

export class Client extends Caller<KvMessage, Operation, Result> {
  /** `ClerkClass` is the seam for mutants. */
  constructor(options: ClientOptions, now: Instant, ClerkClass: typeof Clerk = Clerk) {
    const { clerk, generator, random, thinkTime, roaming, stopAt } = options;
    const think = () => random.below(2 * thinkTime + 1);
    const roams = ({ kind }: Operation) => kind === "get" && random.chance(roaming);
    super({ protocol: new ClerkClass(clerk), generator, think, roams, stopAt }, now);
  }
}
