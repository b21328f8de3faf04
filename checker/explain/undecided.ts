/** What there is to say when the budget ended before anything was decided. */

import type { Model } from "../model/model.ts";
import type { Call } from "./call.ts";
import type { Undecided } from "./explanation.ts";
import { callWords, clientWords, countWords, grouped, printable } from "./words.ts";

/** What the search had come to: `longest` is the longest order that it found, in ids. */
export interface Stopped {
  readonly steps: number;
  readonly budget: number;
  readonly longest: readonly number[];
  /** Whether it was the memory that ended, and not the steps. */
  readonly isCramped?: boolean;
}

export function undecided<State, Input, Output>(
  model: Model<State, Input, Output>,
  object: string,
  calls: readonly Call<Input, Output>[],
  { steps, budget, longest, isCramped = false }: Stopped,
): Undecided {
  const held = new Set(longest);
  let stuck: Call<Input, Output> | null = null;
  for (const call of calls) {
    if (call.return === Infinity || held.has(call.id)) continue;
    if (stuck === null || call.return < stuck.return) stuck = call;
  }
  const limit = isCramped ? "memory for configurations" : `budget of ${grouped(budget)} configurations`;
  const ended = `The ${limit} ended, ${grouped(steps)} of them spent on ${printable(object)}`;
  const far = `the longest order that was found holds ${grouped(held.size)} of its ${countWords(calls.length, "operation")}`;
  const where = stuck === null ? "" : ` and lacks ${clientWords(stuck.client)}'s ${callWords(model, stuck)}`;
  return {
    kind: "undecided",
    object,
    operations: calls.length,
    sentence: `${ended}, before it was decided: ${far}${where}.`,
    steps,
    budget,
    longest: held.size,
    stuckAt: stuck?.id ?? null,
  };
}
