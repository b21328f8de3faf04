/**
 * The first reply that no order explains.
 *
 * Linearizability is prefix-closed, so among the prefixes of an illegal history there is a shortest illegal one, and it
 * ends in a reply: calls alone contradict nobody. The search for it starts where the longest order got stuck, gallops
 * from there, because most often that is the place, and halves what is left.
 */
import type { Call } from "./call.ts";
import type { Oracle } from "./oracle.ts";
import { cutAfter } from "./steps/cut.ts";

/** The place of a reply. Up to it no order explains the calls; if `isFirst`, up to every earlier reply one does. */
export interface FirstImpossible {
  readonly place: number;
  readonly isFirst: boolean;
}

/**
 * Of calls that are illegal. `longest` is an order that explains a part of them: the prefix up to the first reply
 * that it lacks is known to be legal then.
 */
export function firstImpossible<State, Input, Output>(
  oracle: Oracle<State, Input, Output>,
  calls: readonly Call<Input, Output>[],
  longest: readonly number[],
): FirstImpossible {
  const held = new Set(longest);
  const replies = calls.filter((call) => call.return !== Infinity).sort((a, b) => a.return - b.return);
  /** The prefix with so many replies is legal, and with so many it is illegal. */
  let low = replies.findIndex((call) => !held.has(call.id));
  let high = replies.length;
  if (low === -1) low = 0;
  for (let leap = 1; high - low > 1; leap *= 2) {
    const middle = Math.min(low + leap, (low + high) >>> 1);
    const place = replies[middle - 1]!.return;
    const verdict = oracle.verdict(cutAfter(calls, place));
    if (verdict === "unknown") return { place: replies[high - 1]!.return, isFirst: false };
    if (verdict === "illegal") high = middle;
    else low = middle;
  }
  return { place: replies[high - 1]!.return, isFirst: true };
}
