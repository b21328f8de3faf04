/**
 * Judging a history: object by object, on one budget.
 *
 * Objects are independent, so a history is linearizable exactly if each object's subhistory is (Horn & Kroening,
 * FORTE 2015; the locality of Herlihy & Wing, 1990). One hard object must not hide another one's violation, so the
 * budget goes round over the objects in slices that grow. A search that is put aside keeps its stack and goes on
 * where it stood: starting again would be simpler, but explores a hard object's first configurations in every round.
 */
import { callsByObject } from "./explain/call.ts";
import { explainObject } from "./explain/explain.ts";
import type { Explanation } from "./explain/explanation.ts";
import { undecided } from "./explain/undecided.ts";
import type { History } from "./history.ts";
import type { Model } from "./model.ts";
import { Search } from "./search.ts";
import { subhistoriesOf } from "./subhistory.ts";
import type { Verdict } from "./verdict.ts";
import { linearizationOf, partialsOf } from "./witness.ts";

export interface CheckOptions {
  /**
   * Configurations explored over all objects, 5,000,000 by default. Counted in steps, never in time, so that the
   * same history and budget give the same verdict on every machine. A million take some 100 MB, by estimate.
   */
  readonly budget?: number;
  /**
   * Whether to explain what is not ok, false by default: a sweep that only counts need not pay for it. An illegal
   * object's explanation searches too, for up to a million steps more than twice its own; `steps` does not count them.
   */
  readonly explain?: boolean;
}

export interface CheckResult {
  /** Illegal if any object is; else unknown if any object is; else ok. */
  readonly verdict: Verdict;
  /** In the order of first appearance in the history. */
  readonly objects: readonly ObjectResult[];
  /** Configurations explored over all objects. */
  readonly steps: number;
}

export interface ObjectResult {
  readonly object: string;
  readonly verdict: Verdict;
  readonly steps: number;
  /**
   * When ok: operation ids in an order that explains every answer. All completed operations are in it, and those
   * never-returning ones whose effect was needed.
   */
  readonly linearization: readonly number[] | null;
  /** When illegal or unknown: the longest attempts, longest first, at most 16. None can be completed if illegal. */
  readonly partials: readonly (readonly number[])[];
  /** Why it is illegal, or what was not decided; null if it is ok, and unless the options ask for it. */
  readonly explanation: Explanation | null;
}

/** Whether the model allows what the clients saw. Throws HistoryError if the history is malformed. */
export function check<State, Input, Output>(
  model: Model<State, Input, Output>,
  history: History<Input, Output>,
  options: CheckOptions = {},
): CheckResult {
  const searches = subhistoriesOf(model, history).map((subhistory) => new Search(model, subhistory));
  const budget = options.budget ?? DEFAULT_BUDGET;
  share(searches, budget);
  const results = searches.map(resultOf);
  const objects = options.explain === true ? explained(model, history, results, budget) : results;
  let verdict: Verdict = "ok";
  let steps = 0;
  for (const object of objects) {
    steps += object.steps;
    if (object.verdict === "illegal") verdict = "illegal";
    else if (object.verdict === "unknown" && verdict === "ok") verdict = "unknown";
  }
  return { verdict, objects, steps };
}

const DEFAULT_BUDGET = 5_000_000;

const EXPLANATION_BUDGET = 1_000_000;

/** Most objects end within this many configurations. */
const FIRST_SLICE = 2_000;

const SLICE_GROWTH = 4;

function share<State, Input, Output>(searches: Search<State, Input, Output>[], budget: number): void {
  let left = budget;
  for (const search of searches) left -= search.steps;
  let open = searches.filter((search) => search.verdict === "unknown");
  for (let slice = FIRST_SLICE; open.length > 0 && left > 0; slice *= SLICE_GROWTH) {
    // With little left, a little for each.
    const size = Math.min(slice, Math.ceil(left / open.length));
    for (const search of open) {
      const before = search.steps;
      search.run(Math.min(size, left));
      left -= search.steps - before;
    }
    open = open.filter((search) => search.verdict === "unknown");
  }
}

function resultOf<State, Input, Output>(search: Search<State, Input, Output>): ObjectResult {
  return {
    object: search.subhistory.object,
    verdict: search.verdict,
    steps: search.steps,
    linearization: linearizationOf(search),
    partials: search.verdict === "ok" ? [] : partialsOf(search),
    explanation: null,
  };
}

function explained<State, Input, Output>(
  model: Model<State, Input, Output>,
  history: History<Input, Output>,
  results: readonly ObjectResult[],
  budget: number,
): readonly ObjectResult[] {
  if (results.every(({ verdict }) => verdict === "ok")) return results;
  const objects = callsByObject(model, history);
  return results.map((result) => {
    const { object, verdict, steps, partials } = result;
    if (verdict === "ok") return result;
    const calls = objects.get(object)!;
    if (verdict === "illegal") {
      // Enough to find out again what the search has found out.
      const enough = { budget: 2 * steps + EXPLANATION_BUDGET };
      return { ...result, explanation: explainObject({ model, object, calls }, enough) };
    }
    const longest = partials[0] ?? [];
    return { ...result, explanation: undecided(model, object, calls, { steps, budget, longest }) };
  });
}
