/** A client of the KV store: a caller whose protocol is the clerk. */

import type { Instant, Random } from "../../src/base/index.ts";
import { Clerk, type ClerkOptions, type KvMessage, type Operation, type Result } from "../../src/kv/index.ts";
import type { Agenda, Errand, Habits } from "./agenda.ts";
import { Caller, type Notice } from "./caller.ts";
import type { WorkloadOptions } from "./commands.ts";

export type ClientNotice = Notice<Operation, Result>;
export type ClientAgenda = Agenda<Operation, Result>;
export type ClientErrand = Errand<Operation>;

export interface ClientOptions {
  readonly clerk: ClerkOptions;
  readonly agenda: ClientAgenda;
}

export class Client extends Caller<KvMessage, Operation, Result> {
  /** `ClerkClass` is the seam for mutants. */
  constructor({ clerk, agenda }: ClientOptions, now: Instant, ClerkClass: typeof Clerk = Clerk) {
    super({ protocol: new ClerkClass(clerk), agenda }, now);
  }
}

/** Pauses uniform from 0 to twice `thinkTime`; of 1000 gets, `roaming` ask any server first. */
export function drawnHabits(
  random: Random,
  { thinkTime, roaming }: Pick<WorkloadOptions, "thinkTime" | "roaming">,
): Pick<Habits<Operation, Result>, "think" | "roams"> {
  return {
    think: () => random.below(2 * thinkTime + 1),
    roams: ({ kind }) => kind === "get" && random.chance(roaming),
  };
}
