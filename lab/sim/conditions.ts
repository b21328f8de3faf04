/** How the network behaves: labrpc's knobs under their own names, and what labrpc lacks. */

import { type Duration, MILLISECOND } from "../../src/base/index.ts";

export interface Conditions {
  /** labrpc: an unreliable network delays requests and loses some requests and some replies. */
  readonly reliable: boolean;
  /** labrpc: a call that cannot be delivered comes back unanswered after up to seven seconds. */
  readonly longDelays: boolean;
  /** labrpc: two thirds of the replies come 0.2 to 2.2 seconds late. Works on a reliable network too. */
  readonly longReordering: boolean;
  /**
   * labrpc's `false`: a caller is told that a request or its reply was lost. Real networks lack this failure
   * detector; without it loss is silent, and a message may reach a later incarnation of its addressee.
   */
  readonly detectsLoss: boolean;
  /** More messages lost, of 1000, requests and replies alike. */
  readonly loss: number;
  /** Messages delivered twice, of 1000; the copy takes a way of its own. */
  readonly duplication: number;
  /** Messages held back so long that others overtake them, of 1000; requests as well as replies. */
  readonly reordering: number;
  /** Every message takes up to this much longer. */
  readonly extraDelay: Duration;
}

/** labrpc's defaults, which are a perfect network. */
export const perfectConditions: Conditions = {
  reliable: true,
  longDelays: false,
  longReordering: false,
  detectsLoss: true,
  loss: 0,
  duplication: 0,
  reordering: 0,
  extraDelay: 0,
};

/** labrpc's numbers, the same from 2020 to 2026. */
export const LABRPC = {
  /** An unreliable network delays a request by 0 ... 26 whole milliseconds. */
  shortDelays: 27,
  /** It loses 100 of 1000 requests, and then 100 of 1000 replies. */
  lossPermille: 100,
  /** 600 of 900 replies are reordered ... */
  reorderOf: 900,
  reorderUpTo: 600,
  /** ... by 200 + rand(1 + rand(2000)) milliseconds. */
  reorderLeast: 200 * MILLISECOND,
  reorderSpread: 2000,
  /** A call to an end that is disabled or dead comes back after 0 ... 99 ms; with long delays 0 ... 6999 ms. */
  deadDelay: 100,
  deadLongDelay: 7000,
  /** While a handler runs, the caller learns every 100 ms whether the server has died. */
  deathPoll: 100 * MILLISECOND,
} as const;

/** A hop takes 0.1 to 0.3 ms at least, so that a busy client cannot freeze the clock. */
export const HOP: Duration = 100;
export const HOP_JITTER: Duration = 200;

/** A message held back by reordering waits up to this long. */
export const REORDER_SPREAD: Duration = 300 * MILLISECOND;
