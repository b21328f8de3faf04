/**
 * Shrink step: drop a read-only operation.
 *
 * Why it invents nothing. It leaves every state as it is, so a linearization without it is a linearization of the
 * other operations. Whether an operation is read-only (a get; a cas that was refused) is the model's promise, the
 * same that the search trusts; without traits nothing is dropped.
 */
import type { Model } from "../../model/model.ts";
import type { Call } from "../call.ts";

/** The read-only calls, those that refuse first: with a refused cas around, other steps are not allowed. */
export function readOnly<State, Input, Output>(
  model: Model<State, Input, Output>,
  calls: readonly Call<Input, Output>[],
): Call<Input, Output>[] {
  const effect = (call: Call<Input, Output>) => model.traits?.effect(call.input, call.output);
  return [
    ...calls.filter((call) => effect(call) === "refuses"),
    ...calls.filter((call) => effect(call) === "reads"),
  ];
}

/** Without those of the named calls that are read-only. */
export function dropReads<State, Input, Output>(
  model: Model<State, Input, Output>,
  calls: readonly Call<Input, Output>[],
  ids: ReadonlySet<number>,
): Call<Input, Output>[] {
  const droppable = new Set(readOnly(model, calls).map((call) => call.id));
  return calls.filter((call) => !(ids.has(call.id) && droppable.has(call.id)));
}
