/**
 * Shrink step: cut a suffix. What happened after some instant is left out.
 *
 * Why it invents nothing. Take a linearization of the whole history and cut it after the last operation that
 * returned by then. What is left explains the prefix: nothing that returned is missing, every answer is where it was, and the
 * order respects the calls; operations whose return was cut off are pending, and pending ones may be in it or not.
 * None of those that were called later is in it: it would stand after an operation that returned before its call,
 * and all of those stand in front of it. (Linearizability is prefix-closed: Herlihy & Wing, 1990.)
 */
import type { Call } from "../call.ts";
import { unanswered } from "./forget.ts";

/** What had happened by that place, the event there included. */
export function cutAfter<Input, Output>(
  calls: readonly Call<Input, Output>[],
  place: number,
): Call<Input, Output>[] {
  const kept: Call<Input, Output>[] = [];
  for (const call of calls) {
    if (call.call > place) continue;
    kept.push(call.return > place ? unanswered(call) : call);
  }
  return kept;
}

/** Without the calls after the last return: nobody who got an answer can have seen them. */
export function cutTail<Input, Output>(calls: readonly Call<Input, Output>[]): Call<Input, Output>[] {
  let last = -1;
  for (const call of calls) if (call.return !== Infinity && call.return > last) last = call.return;
  return cutAfter(calls, last);
}
