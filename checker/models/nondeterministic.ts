/**
 * Specifications that leave a choice, as a model that leaves none: its states are the sets of states that the
 * specification may be in (the power set construction, as Porcupine does it).
 */
import { keyText, type StateKey } from "../model/key.ts";
import { ILLEGAL, type Model } from "../model/model.ts";

/** Like a model, but with several initial states and several states after a step. Everything is pure. */
export interface Choice<State, Input, Output> {
  readonly name: string;
  readonly initial: readonly State[];
  /** Every state that the operation may lead to; none if this output is impossible. Output null: any answer. */
  step(state: State, input: Input, output: Output | null): readonly State[];
  stateKey(state: State): StateKey;
  objectOf(input: Input): string;
  describe(input: Input, output: Output | null): string;
  misfit?(input: unknown, output: unknown): string | null;
}

/**
 * The deterministic model of a specification that leaves a choice. Its states are lists without repetition, in the
 * order of their keys. An answer narrows what is possible, so its steps differ with and without one.
 */
export function nondeterministic<State, Input, Output>(
  choice: Choice<State, Input, Output>,
): Model<readonly State[], Input, Output> {
  const { name, misfit } = choice;
  return {
    name,
    initial: setOf(choice, choice.initial),
    step(states, input, output) {
      const after = setOf(
        choice,
        states.flatMap((state) => choice.step(state, input, output)),
      );
      return after.length === 0 ? ILLEGAL : after;
    },
    stateKey: (states) => states.map((state) => keyText(choice, state)),
    objectOf: (input) => choice.objectOf(input),
    describe: (input, output) => choice.describe(input, output),
    ...(misfit === undefined ? {} : { misfit: (input, output) => misfit.call(choice, input, output) }),
  };
}

function setOf<State, Input, Output>(
  choice: Choice<State, Input, Output>,
  states: readonly State[],
): readonly State[] {
  const byKey = new Map(states.map((state) => [keyText(choice, state), state]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, state]) => state);
}
