/**
 * Shrink step: widen an interval. The operation returns later, or was called earlier, than it really did.
 *
 * Why it invents nothing. Whether one operation returned before another was called is all that an order has to
 * respect. Widening takes such pairs away and adds none, so every linearization stays one.
 */
import type { Call } from "../call.ts";

/** The first call returns just after the other one is called, so that both overlap. */
export function returnAfterCallOf<Input, Output>(
  calls: readonly Call<Input, Output>[],
  id: number,
  other: Call<Input, Output>,
): Call<Input, Output>[] {
  return calls.map((call) =>
    call.id === id && call.return < other.call ? { ...call, return: other.call + 0.5 } : call,
  );
}
