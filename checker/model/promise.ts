/** The laws of a model's traits: what the search takes for granted, each looked for a counter-example. */
import { keyText } from "./key.ts";
import { type Effect, ILLEGAL, type Traits } from "./model.ts";
import { shownState, type Trial, type Trials } from "./trials.ts";

/** The first promise that the samples break, in words; null if they break none. */
export function brokenPromise<State, Input, Output>(trials: Trials<State, Input, Output>): string | null {
  const { traits } = trials.model;
  if (traits === undefined) return null;
  // An answer that is impossible in all states is none that a system gives.
  const given = trials.operations.flatMap((operation, at) => {
    if (trials.after.every((row) => row[at] === ILLEGAL)) return [];
    return [{ ...operation, at, effect: traits.effect(operation.input, operation.output) }];
  });
  const cases = new Cases(trials, traits, given);
  for (let state = 0; state < trials.states.length; state++) {
    for (const operation of given) {
      const flaw = cases.falseEffect(state, operation) ?? cases.falseBlindness(state, operation);
      if (flaw !== null) return cases.words(flaw, state, operation);
    }
    for (const writer of given) {
      const revived = cases.denied(state, writer);
      if (revived !== null) return revived;
    }
  }
  return null;
}

interface Given<Input, Output> extends Trial<Input, Output> {
  readonly at: number;
  readonly effect: Effect;
}

class Cases<State, Input, Output> {
  private readonly trials: Trials<State, Input, Output>;
  private readonly traits: Traits<State, Input, Output>;
  private readonly observers: readonly Given<Input, Output>[];

  constructor(
    trials: Trials<State, Input, Output>,
    traits: Traits<State, Input, Output>,
    given: readonly Given<Input, Output>[],
  ) {
    this.trials = trials;
    this.traits = traits;
    this.observers = given.filter(({ effect }) => effect !== "updates" && effect !== "overwrites");
  }

  words(flaw: string, state: number, { input, output }: Trial<Input, Output>): string {
    const { model, states } = this.trials;
    return `${flaw}: ${model.describe(input, output)} in the state ${shownState(model, states[state]!)}`;
  }

  falseEffect(state: number, operation: Given<Input, Output>): string | null {
    const after = this.trials.after[state]![operation.at]!;
    switch (operation.effect) {
      case "reads":
      case "refuses":
        if (after === ILLEGAL || this.isUnchanged(state, after)) return null;
        return `traits.effect says "${operation.effect}", but the state changes`;
      case "updates":
        return after === ILLEGAL ? 'traits.effect says "updates", but it is impossible' : null;
      case "overwrites":
        if (after === ILLEGAL) return 'traits.effect says "overwrites", but it is impossible';
        if (this.key(after) === this.key(this.trials.after[0]![operation.at]!)) return null;
        return 'traits.effect says "overwrites", but the state before decides about the state after';
      case "depends":
        return null;
    }
  }

  /** It is said not to see the state, and behaves as if it did. */
  falseBlindness(state: number, operation: Given<Input, Output>): string | null {
    if (!this.observers.includes(operation) || this.sees(this.trials.states[state]!, operation)) return null;
    const after = this.trials.after[state]![operation.at]!;
    if (operation.effect === "refuses") {
      return after === ILLEGAL ? "traits.sees says no, but what refuses is impossible" : null;
    }
    if (operation.output !== null)
      return after === ILLEGAL ? null : "traits.sees says no, but it is possible";
    if (after !== ILLEGAL && this.isUnchanged(state, after)) return null;
    return "traits.sees says no, but with its answer unknown the state changes";
  }

  /** The writer makes an operation see what it did not see, and nobody said that it may. */
  denied(state: number, writer: Given<Input, Output>): string | null {
    const before = this.trials.states[state]!;
    const after = this.trials.after[state]![writer.at]!;
    if (after === ILLEGAL || this.isUnchanged(state, after)) return null;
    for (const observer of this.observers) {
      if (this.sees(before, observer) || !this.sees(after as State, observer)) continue;
      const { describe } = this.trials.model;
      const victim = describe.call(this.trials.model, observer.input, observer.output);
      if (writer.effect === "updates") {
        return this.words(`traits.effect says "updates", but it lets ${victim} see again`, state, writer);
      }
      if (this.traits.revives(writer.input, observer.input, observer.output)) continue;
      return this.words(`traits.revives says no, but it lets ${victim} see again`, state, writer);
    }
    return null;
  }

  private sees(state: State, { input, output }: Trial<Input, Output>): boolean {
    return this.traits.sees(state, input, output);
  }

  private isUnchanged(state: number, after: State | typeof ILLEGAL): boolean {
    return this.key(after) === this.key(this.trials.states[state]!);
  }

  private key(state: State | typeof ILLEGAL): string | null {
    return state === ILLEGAL ? null : keyText(this.trials.model, state as State);
  }
}
