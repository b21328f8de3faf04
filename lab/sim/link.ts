/**
 * A link is a directed pair of nodes. What happens to a message is drawn from (purpose, from, to, how-manieth on that
 * link), so one message more or less elsewhere changes nothing here.
 */

import { type Duration, type KeyedRandom, MILLISECOND } from "../../src/base/index.ts";
import { type Conditions, HOP, HOP_JITTER, LABRPC, REORDER_SPREAD } from "./conditions.ts";

const PURPOSE = {
  hop: 0,
  delay: 1,
  lossLabrpc: 2,
  loss: 3,
  reorderLabrpc: 4,
  reorderLabrpcBy: 5,
  reorderLabrpcOf: 6,
  reorder: 7,
  reorderBy: 8,
  duplicate: 9,
  duplicateBy: 10,
  extraDelay: 11,
  dead: 12,
} as const;

/** What the network will do to one message. */
export interface Fate {
  /** Which of its link's messages it befalls, from 0. */
  readonly nth: number;
  readonly lost: boolean;
  /** From now to the delivery; for a lost message, to its sender's hearing of the loss. */
  readonly delay: Duration;
  /** What it takes at least: the delay of a message that nothing happens to. */
  readonly hop: Duration;
  readonly delayed: boolean;
  readonly reordered: boolean;
  /** When a second copy arrives; null for none. */
  readonly copyDelay: Duration | null;
}

export class Link {
  /** labrpc's `Enable`: the end on which `from` calls `to`; replies come back through it. */
  enabled = true;
  /** How many faults cut this direction now: every message, request or reply, is stopped. */
  cuts = 0;
  /** Messages whose fate was drawn. */
  sent = 0;
  private readonly random: KeyedRandom;

  constructor(random: KeyedRandom) {
    this.random = random;
  }

  /** Draws the fate of the next request; labrpc delays requests only, and loses them after that delay. */
  requestFate(conditions: Conditions): Fate {
    const n = this.sent++;
    const short = conditions.reliable
      ? 0
      : this.random.below(LABRPC.shortDelays, n, PURPOSE.delay) * MILLISECOND;
    return this.fate(n, conditions, short, false);
  }

  /** Draws the fate of the next reply; labrpc's reordering concerns replies only. */
  replyFate(conditions: Conditions): Fate {
    const n = this.sent++;
    const late = conditions.longReordering && this.reordersReply(n);
    return this.fate(n, conditions, late ? this.longDelay(n) : 0, late);
  }

  /** How long until the caller of an end that is disabled or dead learns of it. */
  deadDelay(conditions: Conditions): Duration {
    const limit = conditions.longDelays ? LABRPC.deadLongDelay : LABRPC.deadDelay;
    return HOP + this.random.below(limit, this.sent++, PURPOSE.dead) * MILLISECOND;
  }

  private fate(n: number, conditions: Conditions, delay: Duration, late: boolean): Fate {
    const { random } = this;
    const hop = HOP + random.below(HOP_JITTER, n, PURPOSE.hop);
    const lost =
      (!conditions.reliable && random.below(1000, n, PURPOSE.lossLabrpc) < LABRPC.lossPermille) ||
      random.below(1000, n, PURPOSE.loss) < conditions.loss;
    const extra =
      conditions.extraDelay === 0 ? 0 : random.below(conditions.extraDelay, n, PURPOSE.extraDelay);
    const held = random.below(1000, n, PURPOSE.reorder) < conditions.reordering;
    const twice = random.below(1000, n, PURPOSE.duplicate) < conditions.duplication;
    // labrpc tells of a lost reply at once: a delay that only a delivered one would have had does not count.
    const total = lost && late ? hop : hop + delay + extra;
    return {
      nth: n,
      lost,
      delay: held ? total + random.below(REORDER_SPREAD, n, PURPOSE.reorderBy) : total,
      hop,
      delayed: delay + extra > 0 && !late,
      reordered: held || late,
      copyDelay: twice ? total + random.below(REORDER_SPREAD, n, PURPOSE.duplicateBy) : null,
    };
  }

  private reordersReply(n: number): boolean {
    return this.random.below(LABRPC.reorderOf, n, PURPOSE.reorderLabrpc) < LABRPC.reorderUpTo;
  }

  private longDelay(n: number): Duration {
    const spread = 1 + this.random.below(LABRPC.reorderSpread, n, PURPOSE.reorderLabrpcOf);
    return LABRPC.reorderLeast + this.random.below(spread, n, PURPOSE.reorderLabrpcBy) * MILLISECOND;
  }
}
