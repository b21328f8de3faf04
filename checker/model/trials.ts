/** A model's behaviour on samples: every step that they lead to, taken once, for the laws to look at. */

import { identityOf } from "./identity.ts";
import { keyText } from "./key.ts";
import { ILLEGAL, type Model } from "./model.ts";

/** What to try. The more different inputs and outputs, the more a law is worth: three of each kind are a beginning. */
export interface Samples<State, Input, Output> {
  readonly inputs: readonly Input[];
  /** Each is tried with each input; those that the model's `misfit` refuses are left out. */
  readonly outputs: readonly Output[];
  /** Tried beside those that are reached from the initial one. */
  readonly states?: readonly State[];
  /** So many states are tried, 100 by default. */
  readonly mostStates?: number;
  /** The answer decides about the effect, as in models that `nondeterministic` makes; otherwise it must not. */
  readonly answersNarrow?: boolean;
}

export interface Trial<Input, Output> {
  readonly input: Input;
  readonly output: Output | null;
}

/** A model's behaviour on all samples, each step taken once. */
export interface Trials<State, Input, Output> {
  readonly model: Model<State, Input, Output>;
  readonly states: readonly State[];
  readonly operations: readonly Trial<Input, Output>[];
  /** By state and operation. */
  readonly after: readonly (readonly (State | typeof ILLEGAL)[])[];
  /** The first step that was not pure, in words: everything else is worth nothing then. */
  readonly impurity: string | null;
}

/** Walks from the initial state and the given ones wherever the samples lead. */
export function trialsOf<State, Input, Output>(
  model: Model<State, Input, Output>,
  samples: Samples<State, Input, Output>,
): Trials<State, Input, Output> {
  const operations = operationsOf(model, samples);
  const reached = new Reached(model, samples.mostStates ?? 100);
  for (const state of [model.initial, ...(samples.states ?? [])]) reached.add(state);
  const after: (State | typeof ILLEGAL)[][] = [];
  let impurity: string | null = null;
  // The list grows while it is walked.
  for (const state of reached.states) {
    const row = operations.map((operation) => {
      const { result, flaw } = watchedStep(model, state, operation);
      impurity ??= flaw;
      return result;
    });
    for (const next of row) if (next !== ILLEGAL) reached.add(next);
    after.push(row);
  }
  return { model, states: reached.states, operations, after, impurity };
}

/** Takes a step twice, and looks at whether that changed anything: a mutation may show at the first time only. */
function watchedStep<State, Input, Output>(
  model: Model<State, Input, Output>,
  state: State,
  { input, output }: Trial<Input, Output>,
): { readonly result: State | typeof ILLEGAL; readonly flaw: string | null } {
  const traces = (): (string | null)[] => [keyText(model, state), ...[state, input, output].map(identityOf)];
  const keyOf = (it: State | typeof ILLEGAL): string | null =>
    it === ILLEGAL ? null : keyText(model, it as State);
  const before = traces();
  const result = model.step(state, input, output);
  const key = keyOf(result);
  const again = keyOf(model.step(state, input, output));
  const after = traces();
  const call = `${model.describe(input, output)} in the state ${shownState(model, state)}`;
  const changed = ["the state", "the state", "its input", "its output"].find(
    (_, i) => before[i] !== after[i],
  );
  if (changed !== undefined) return { result, flaw: `step is not pure: it changes ${changed}: ${call}` };
  const flaw = key === again ? null : `step is not pure: asked twice it answers twice differently: ${call}`;
  return { result, flaw };
}

/** A state in words. */
export function shownState<State>(model: Model<State, never, never>, state: State): string {
  return identityOf(state) === null ? `with the key ${keyText(model, state)}` : JSON.stringify(state);
}

/** False also for what is no plain data, of which nobody can say. */
export function isEqual(a: unknown, b: unknown): boolean {
  const identity = identityOf(a);
  return identity !== null && identity === identityOf(b);
}

function operationsOf<State, Input, Output>(
  model: Model<State, Input, Output>,
  { inputs, outputs }: Samples<State, Input, Output>,
): readonly Trial<Input, Output>[] {
  return inputs.flatMap((input) =>
    [null, ...outputs]
      .filter((output) => (model.misfit?.(input, output) ?? null) === null)
      .map((output) => ({ input, output })),
  );
}

/** States with the same key are worth keeping too: they must be the same. But not many of them. */
const MOST_TWINS = 4;

class Reached<State> {
  readonly states: State[] = [];
  private readonly model: Model<State, never, never>;
  private readonly most: number;
  private readonly twins = new Map<string, State[]>();

  constructor(model: Model<State, never, never>, most: number) {
    this.model = model;
    this.most = most;
  }

  add(state: State): void {
    const key = keyText(this.model, state);
    const twins = this.twins.get(key) ?? [];
    if (this.states.length >= this.most || twins.length >= MOST_TWINS) return;
    if (twins.some((twin) => Object.is(twin, state) || isEqual(twin, state))) return;
    this.twins.set(key, [...twins, state]);
    this.states.push(state);
  }
}
