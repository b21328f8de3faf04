/**
 * A leader's lease (thesis, section 6.4.1): while a quorum has promised to elect nobody else, the leader may answer
 * reads from its own state and ask nobody.
 *
 * A follower that answers a leader's call votes for nobody until an election timeout has passed on *its* clock since
 * the call came. When that was the leader does not know, so it counts from when it *sent* the call, on *its* clock. A
 * clock that goes wrong by at most d counts between 1 - d and 1 + d of the time that passes: the follower is free after
 * E / (1 + d) at the earliest, and a lease of length L is over after L / (1 - d) at the latest. Hence
 * L = E (1 - d) / (1 + d), less two microseconds, because each of the two clocks shows whole ones.
 */

import { assert, type Duration, type Instant, type NodeId } from "../base/index.ts";

/** Of a million parts. */
export type PartsPerMillion = number;

export const MILLION: PartsPerMillion = 1_000_000;

export interface LeaseOptions {
  /** A clock that counts a million microseconds has seen at most so many more, or fewer, pass. Below a million. */
  readonly driftBound: PartsPerMillion;
}

/** How long a promise of `electionTimeout` may be relied on. */
export function leaseLength(electionTimeout: Duration, { driftBound }: LeaseOptions): Duration {
  assert(
    Number.isInteger(driftBound) && driftBound >= 0 && driftBound < MILLION,
    () => `a drift bound of ${driftBound} parts per million is not in 0 ... ${MILLION - 1}`,
  );
  const length = Math.floor((electionTimeout * (MILLION - driftBound)) / (MILLION + driftBound));
  return Math.max(0, length - 2);
}

/** Calls and promises of one office. */
export class Lease {
  /** Calls are numbered upwards: of each instant at which some were sent, the first. */
  private sendings: { readonly firstCall: number; readonly at: Instant }[] = [];
  /** By follower: since when its promise counts. */
  private readonly promises = new Map<NodeId, Instant>();
  /** What was given up stays so until the office ends. */
  private isGivenUp = false;
  private readonly longest: Duration;

  /** No lease is longer than that. */
  constructor(longest: Duration) {
    this.longest = longest;
  }

  /** A new office, or none. */
  begin(): void {
    this.sendings = [];
    this.promises.clear();
    this.isGivenUp = false;
  }

  sent(call: number, now: Instant): void {
    if (this.sendings.at(-1)?.at === now) return;
    this.sendings.push({ firstCall: call, at: now });
    // What was sent so long ago supports nothing any more.
    while (this.sendings.length > 1 && this.sendings[1]!.at <= now - this.longest) this.sendings.shift();
  }

  /** When this call was sent; null if that is so long ago that nobody remembers. */
  sentAt(call: number): Instant | null {
    return this.sendings.findLast(({ firstCall }) => firstCall <= call)?.at ?? null;
  }

  promised(follower: NodeId, since: Instant): void {
    this.promises.set(follower, Math.max(since, this.promises.get(follower) ?? since));
  }

  giveUp(): void {
    this.isGivenUp = true;
  }

  /** Who still keeps a promise of this length. */
  supporters(now: Instant, length: Duration): ReadonlySet<NodeId> {
    const supporters = new Set<NodeId>();
    if (this.isGivenUp) return supporters;
    for (const [follower, since] of this.promises) if (now - since < length) supporters.add(follower);
    return supporters;
  }
}
