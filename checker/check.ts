/** The package's question: a model, a history, a verdict, and why. */
import { callsByObject } from "./explain/call.ts";
import { explainObject } from "./explain/explain.ts";
import { undecided } from "./explain/undecided.ts";
import type { History } from "./history/history.ts";
import { areOperations, historyOf, type Operation } from "./history/operation.ts";
import { DEFAULT_BUDGET, judge } from "./judge/judge.ts";
import type { Explainer } from "./judge/results.ts";
import type { Model } from "./model/model.ts";
import type { CheckOptions, CheckResult } from "./result.ts";

/**
 * Whether the model allows what the clients saw. The history is a stream of events, or operations with the times of
 * their call and return: intervals are closed, so at equal times calls come before returns.
 * Throws HistoryError if it is malformed.
 */
export function check<State, Input, Output>(
  model: Model<State, Input, Output>,
  history: History<Input, Output> | readonly Operation<Input, Output>[],
  options: CheckOptions = NO_OPTIONS,
): CheckResult {
  const events = areOperations(history) ? historyOf(history) : history;
  const explainer = explainerOf(model, events, options.budget ?? DEFAULT_BUDGET);
  return judge(model as Model<unknown, unknown, unknown>, events, options, explainer);
}

const NO_OPTIONS: CheckOptions = {};

const EXPLANATION_BUDGET = 1_000_000;

/** The history is laid out for explanations once, when the first of them is asked for. */
function explainerOf<State, Input, Output>(
  model: Model<State, Input, Output>,
  history: History<Input, Output>,
  budget: number,
): Explainer {
  let objects: ReturnType<typeof callsByObject<State, Input, Output>> | null = null;
  return (result) => {
    const { object, verdict, steps } = result;
    objects ??= callsByObject(model, history);
    const calls = objects.get(object)!;
    if (verdict === "illegal") {
      // Enough to find out again what the search has found out.
      return explainObject({ model, object, calls }, { budget: 2 * steps + EXPLANATION_BUDGET });
    }
    const { partials, ended } = result;
    const isCramped = ended?.budget === "memory";
    return undecided(model, object, calls, { steps, budget, longest: partials[0] ?? [], isCramped });
  };
}
