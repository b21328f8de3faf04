/**
 * The dumb oracle: tries every order of every choice of operations, with no pruning and no cleverness; it only
 * remembers from which set of operations and which state it failed before. It shares nothing with the checker but the
 * types.
 */
import { type History, ILLEGAL, type Model } from "porcupine-ts";

interface Call<Input, Output> {
  readonly id: number;
  readonly input: Input;
  readonly output: Output | null;
  readonly from: number;
  /** Infinity: never. */
  readonly to: number;
}

/** Whether some order explains the history, objects and all. */
export function isLinearizable<State, Input, Output>(
  model: Model<State, Input, Output>,
  history: History<Input, Output>,
): boolean {
  const calls = callsOf(history);
  const objects = new Set(calls.map((call) => model.objectOf(call.input)));
  return [...objects].every((object) =>
    explains(
      model,
      calls.filter((call) => model.objectOf(call.input) === object),
    ),
  );
}

/** What is wrong with an order of operation ids as a linearization of one object, or null. */
export function flawOf<State, Input, Output>(
  model: Model<State, Input, Output>,
  history: History<Input, Output>,
  object: string,
  order: readonly number[],
  mayBePartial = false,
): string | null {
  const calls = callsOf(history).filter((call) => model.objectOf(call.input) === object);
  if (new Set(order).size !== order.length) return "an operation occurs twice";
  let state = model.initial;
  const byId = new Map(calls.map((call) => [call.id, call]));
  const done: Call<Input, Output>[] = [];
  for (const id of order) {
    const call = byId.get(id);
    if (call === undefined) return `operation ${id} does not belong to ${object}`;
    const late = done.find((earlier) => call.to < earlier.from);
    if (late !== undefined) return `operation ${id} returned before ${late.id} was called`;
    const next = model.step(state, call.input, call.output);
    if (next === ILLEGAL) return `operation ${id} is impossible at its place`;
    state = next;
    done.push(call);
  }
  // A beginning of a linearization holds whatever returned before one of its operations was called.
  const needed = calls.filter((call) =>
    mayBePartial ? done.some((other) => call.to < other.from) : call.to !== Infinity,
  );
  const missing = needed.find((call) => !order.includes(call.id));
  return missing === undefined ? null : `operation ${missing.id} is missing`;
}

function callsOf<Input, Output>(history: History<Input, Output>): Call<Input, Output>[] {
  const calls: Call<Input, Output>[] = [];
  history.forEach((event, from) => {
    if (event.kind !== "invoke") return;
    const to = history.findIndex((other) => other.kind === "response" && other.operation === event.operation);
    const end = history[to];
    calls.push({
      id: event.operation,
      input: event.input,
      output: end?.kind === "response" ? end.output : null,
      from,
      to: to === -1 ? Infinity : to,
    });
  });
  return calls;
}

/** Objects have at most 31 operations: a set of them is a number. */
function explains<State, Input, Output>(
  model: Model<State, Input, Output>,
  calls: readonly Call<Input, Output>[],
): boolean {
  const failed = new Set<string>();
  const explainsFrom = (done: number, state: State): boolean => {
    const left = calls.filter((_, i) => (done & (1 << i)) === 0);
    if (left.every((call) => call.to === Infinity)) return true;
    const here = `${done} ${JSON.stringify(model.stateKey(state))}`;
    if (failed.has(here)) return false;
    failed.add(here);
    return calls.some((call, i) => {
      if ((done & (1 << i)) !== 0 || left.some((other) => other.to < call.from)) return false;
      const next = model.step(state, call.input, call.output);
      return next !== ILLEGAL && explainsFrom(done | (1 << i), next);
    });
  };
  return explainsFrom(0, model.initial);
}
