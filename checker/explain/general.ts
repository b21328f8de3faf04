/** Explaining what is known only as a model: no values, no reads-from, nothing but its steps. */
import { ILLEGAL } from "../model/model.ts";
import type { Explanation } from "./explanation.ts";
import { firstImpossible } from "./first.ts";
import { Oracle } from "./oracle.ts";
import { precedences } from "./relations.ts";
import { impossibleAtFirst, noOrder, tellerOf } from "./sentence.ts";
import { culpritOf, shrink } from "./shrink.ts";
import { cutAfter } from "./steps/cut.ts";
import { type Subject, shown } from "./subject.ts";
import { undecided } from "./undecided.ts";

/** Null if some order explains the calls. */
export function explainAny<State, Input, Output>(
  subject: Subject<State, Input, Output>,
  budget: number,
): Explanation | null {
  const { model, object, calls } = subject;
  const oracle = new Oracle(model, budget);
  const whole = oracle.attempt(calls);
  if (whole.verdict === "ok") return null;
  if (whole.verdict === "unknown") return undecided(model, object, calls, { ...whole, budget });
  const { place, isFirst } = firstImpossible(oracle, calls, whole.longest);
  const impossible = calls.find((call) => call.return === place)!;
  const { calls: core, isSmallest } = shrink(oracle, cutAfter(calls, place));
  const culprit = culpritOf(core);
  const isAlone = core.length === 1 && model.step(model.initial, culprit.input, culprit.output) === ILLEGAL;
  const teller = tellerOf(model, calls);
  return {
    kind: "violation",
    object,
    operations: calls.length,
    sentence: isAlone
      ? impossibleAtFirst(culprit, teller)
      : noOrder(culprit, core.length, isSmallest, teller),
    class: isAlone ? "impossible-first-operation" : "no-order",
    impossible: { operation: impossible.id, isFirst },
    core: shown(subject, core, culprit.id),
    isSmallest,
    relations: precedences(oracle, core),
    alternatives: [],
    staleness: null,
    attempts: [],
  };
}
