/**
 * Shrink step: forget a result. As if the answer had been lost, the operation becomes one that may have taken effect
 * at any time after its call, or not at all.
 *
 * Why it invents nothing. A linearization of the history still is one: the operation may stay where it is, since it
 * is allowed everything that it was allowed before, its answer no longer has to fit, and nothing has to come after it.
 */
import type { Call } from "../call.ts";

export function forget<Input, Output>(
  calls: readonly Call<Input, Output>[],
  ids: ReadonlySet<number>,
): Call<Input, Output>[] {
  return calls.map((call) => (ids.has(call.id) ? unanswered(call) : call));
}

/** The call as if its answer had been lost. When it came is still known, to tell it from one that never did. */
export function unanswered<Input, Output>(call: Call<Input, Output>): Call<Input, Output> {
  return { ...call, output: null, return: Infinity };
}
