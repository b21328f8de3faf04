/** What is explained: one object's calls. */
import type { Model } from "../model/model.ts";
import type { Call } from "./call.ts";
import type { CoreOperation } from "./explanation.ts";
import { Ranks } from "./ranks.ts";
import { callWords, wholeWords } from "./words.ts";

export interface Subject<State, Input, Output> {
  readonly model: Model<State, Input, Output>;
  readonly object: string;
  /** In their order. */
  readonly calls: readonly Call<Input, Output>[];
}

/** Core operations as a reader sees them: as they were, beside what is left of them in the core. */
export function shown<State, Input, Output>(
  { model, calls }: Subject<State, Input, Output>,
  core: readonly Left<Output>[],
  impossible: number,
): readonly CoreOperation[] {
  const left = new Map(core.map((call) => [call.id, call]));
  const members = calls.filter((call) => left.has(call.id));
  const { begin, end } = new Ranks(members);
  return members.map((call, i) => ({
    operation: call.id,
    client: call.client,
    words: wholeWords(model, call),
    needed: neededWords(model, call, left.get(call.id)!),
    call: call.calledAt,
    return: call.returnedAt,
    callRank: begin[i]!,
    returnRank: call.return === Infinity ? null : end[i]!,
    isImpossible: call.id === impossible,
  }));
}

/** What shrinking left of a call: whether it returned, and its answer if that was changed. */
export interface Left<Output> {
  readonly id: number;
  readonly return: number;
  /** Undefined: the answer is the original one. */
  readonly changed?: Output | null;
}

function neededWords<State, Input, Output>(
  model: Model<State, Input, Output>,
  call: Call<Input, Output>,
  kept: Left<Output>,
): string | null {
  if (kept.return === Infinity) return call.return === Infinity ? null : `${callWords(model, call)} -> ?`;
  return kept.changed === undefined ? null : wholeWords(model, { ...call, output: kept.changed });
}
