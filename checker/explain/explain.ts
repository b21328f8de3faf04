/**
 * Explaining a history that is not linearizable: find the first impossible reply, shrink what led to it to a core,
 * name its class, and say it in words.
 *
 * For kv and registers all of it (`kv.ts`). For other models what holds for any (`general.ts`): the first impossible
 * reply, and a core by the steps that are sound whatever the model is.
 */
import type { History } from "../history/history.ts";
import type { Model } from "../model/model.ts";
import { callsByObject } from "./call.ts";
import type { Explanation } from "./explanation.ts";
import { explainAny } from "./general.ts";
import { explainKv } from "./kv.ts";
import type { Subject } from "./subject.ts";
import { inKvTerms } from "./translation.ts";

export interface ExplainOptions {
  /**
   * Steps of search for each object, 1,000,000 by default: counted, so that an explanation is reproducible. When
   * they end, the core may be larger than it had to be, and says so.
   */
  readonly budget?: number;
}

const DEFAULT_BUDGET = 1_000_000;

/**
 * Explains the objects that are not linearizable, or cannot be decided within the budget, in the order of first
 * appearance. Empty if the history is linearizable. Throws HistoryError if the history is malformed.
 */
export function explain<State, Input, Output>(
  model: Model<State, Input, Output>,
  history: History<Input, Output>,
  options: ExplainOptions = {},
): readonly Explanation[] {
  return [...callsByObject(model, history)].flatMap(
    ([object, calls]) => explainObject({ model, object, calls }, options) ?? [],
  );
}

/** Explains one object; null if some order explains its calls. */
export function explainObject<State, Input, Output>(
  subject: Subject<State, Input, Output>,
  { budget = DEFAULT_BUDGET }: ExplainOptions = {},
): Explanation | null {
  const translated = inKvTerms(subject.model, subject.calls);
  return translated === null ? explainAny(subject, budget) : explainKv(subject, translated, budget);
}
