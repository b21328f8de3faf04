/**
 * What must hold for a model, so that its author can have it tried: `expect(modelLaws(model, samples)).toBeNull()`.
 *
 * A model that breaks a law gives wrong verdicts, and no verdict shows it. Each law speaks of single steps, so a
 * counter-example is found without a search: in every state that the samples reach, with every sample.
 */
import { keyText } from "./key.ts";
import { falseMakeup } from "./makeup.ts";
import { ILLEGAL, type Model } from "./model.ts";
import { brokenPromise } from "./promise.ts";
import { isEqual, type Samples, shownState, type Trials, trialsOf } from "./trials.ts";

/**
 * The first counter-example to a law that the samples show, in words; null if they show none. It tries that steps
 * are pure, keys injective, unknown answers possible where known ones are, and the promises of `traits`.
 */
export function modelLaws<State, Input, Output>(
  model: Model<State, Input, Output>,
  samples: Samples<State, Input, Output>,
): string | null {
  const trials = trialsOf(model, samples);
  return (
    trials.impurity ??
    facelessness(trials) ??
    sharedKey(trials) ??
    strangeUnknown(trials, samples.answersNarrow ?? false) ??
    brokenPromise(trials) ??
    falseMakeup(trials)
  );
}

/** Something that people or the search ask about an operation and do not get. */
function facelessness<State, Input, Output>({
  model,
  operations,
}: Trials<State, Input, Output>): string | null {
  for (const { input, output } of operations) {
    const words = model.describe(input, output);
    const operation = JSON.stringify({ input, output });
    if (typeof words !== "string" || words === "")
      return `describe says nothing about the operation ${operation}`;
    if (typeof model.objectOf(input) !== "string")
      return `objectOf gives no text for the operation ${operation}`;
  }
  return null;
}

/** Two states with one key that behave differently, or one state with two keys. */
function sharedKey<State, Input, Output>(trials: Trials<State, Input, Output>): string | null {
  const { model, states, operations, after } = trials;
  const keys = states.map((state) => keyText(model, state));
  const keyAfter = (state: number, operation: number): string | null => {
    const next = after[state]![operation]!;
    return next === ILLEGAL ? null : keyText(model, next as State);
  };
  for (let a = 0; a < states.length; a++) {
    for (let b = a + 1; b < states.length; b++) {
      const pair = `${shownState(model, states[a]!)} and ${shownState(model, states[b]!)}`;
      if (keys[a] !== keys[b]) {
        if (isEqual(states[a], states[b])) return `stateKey gives equal states two keys: ${pair}`;
        continue;
      }
      const at = operations.findIndex((_, operation) => keyAfter(a, operation) !== keyAfter(b, operation));
      if (at < 0) continue;
      const { input, output } = operations[at]!;
      const call = model.describe(input, output);
      return `stateKey is not injective: ${pair} share the key ${keys[a]}, but ${call} tells them apart`;
    }
  }
  return null;
}

/** An unknown answer may be any answer: what is possible with one is possible without, and does the same. */
function strangeUnknown<State, Input, Output>(
  { model, states, operations, after }: Trials<State, Input, Output>,
  answersNarrow: boolean,
): string | null {
  for (const [at, state] of states.entries()) {
    for (const [i, { input, output }] of operations.entries()) {
      const next = after[at]![i]!;
      if (next === ILLEGAL) continue;
      const unknown = model.step(state, input, null);
      const call = `${model.describe(input, output)} in the state ${shownState(model, state)}`;
      if (unknown === ILLEGAL)
        return `the unknown answer is impossible where a known one is possible: ${call}`;
      if (answersNarrow || keyText(model, unknown) === keyText(model, next as State)) continue;
      return `the unknown answer has another effect than the known one: ${call}`;
    }
  }
  return null;
}
