/**
 * Random histories: a store that really is linearizable, clients that overlap, give up or never hear back, and
 * then, on demand, answers that are tampered with or made up.
 */
import {
  type CasRegisterInput,
  type CasRegisterOutput,
  casRegister,
  type HistoryEvent,
  ILLEGAL,
  type KvInput,
  type KvOutput,
  kv,
  type Model,
  type RegisterInput,
  type RegisterOutput,
  register,
} from "porcupine-ts";

/** Draws an integer from 0 to below the bound. */
export type Draw = (below: number) => number;

/** A model with a way to make up calls and answers. */
export interface Subject<State, Input, Output> {
  readonly model: Model<State, Input, Output>;
  input(draw: Draw): Input;
  /** Some answers that this call may get, the right one among them whatever the state is. */
  answers(state: State, input: Input, draw: Draw): Output[];
}

export interface Shape {
  readonly operations: number;
  readonly clients: number;
  /** One in so many operations is given up; 0 is none. */
  readonly oneLostIn: number;
  /** One in so many answers is replaced by another possible one; 0 is none. */
  readonly oneWrongIn: number;
}

/** A history of the subject. Without wrong answers it is linearizable by construction. */
export function randomHistory<State, Input, Output>(
  subject: Subject<State, Input, Output>,
  shape: Shape,
  draw: Draw,
): HistoryEvent<Input, Output>[] {
  const history: HistoryEvent<Input, Output>[] = [];
  const states = new Map<string, State>();
  const running: Running<Input, Output>[] = [];
  const { model } = subject;
  let called = 0;
  const happens = (oneIn: number): boolean => oneIn > 0 && draw(oneIn) === oneIn - 1;
  while (called < shape.operations || running.some((call) => !call.lost)) {
    const busy = running.filter((call) => !call.lost).length;
    const time = history.length;
    const move = draw(3);
    if (called < shape.operations && busy < shape.clients && (move === 0 || busy === 0)) {
      const input = subject.input(draw);
      history.push({ kind: "invoke", operation: called, client: `c${called % shape.clients}`, input, time });
      running.push({ id: called++, input, output: null, lost: false });
      continue;
    }
    const call = running[draw(running.length)]!;
    if (call.output === null) {
      const object = model.objectOf(call.input);
      const state = states.has(object) ? (states.get(object) as State) : model.initial;
      const answers = subject.answers(state, call.input, draw);
      const right = answers.find((answer) => model.step(state, call.input, answer) !== ILLEGAL)!;
      states.set(object, model.step(state, call.input, right) as State);
      call.output = happens(shape.oneWrongIn) ? answers[draw(answers.length)]! : right;
      if (call.lost) running.splice(running.indexOf(call), 1);
      else if (happens(shape.oneLostIn)) lose(history, call, draw);
    } else if (!call.lost) {
      running.splice(running.indexOf(call), 1);
      history.push({ kind: "response", operation: call.id, output: call.output, time });
    } else running.splice(running.indexOf(call), 1);
    if (running.includes(call) && !call.lost && happens(shape.oneLostIn * 2)) lose(history, call, draw);
  }
  return history;
}

interface Running<Input, Output> {
  readonly id: number;
  readonly input: Input;
  /** Null until it took effect. */
  output: Output | null;
  lost: boolean;
}

/** The client gives up, with or without saying so. */
function lose<Input, Output>(
  history: HistoryEvent<Input, Output>[],
  call: Running<Input, Output>,
  draw: Draw,
): void {
  call.lost = true;
  if (draw(2) === 0) history.push({ kind: "indeterminate", operation: call.id, time: history.length });
}

/** Draws from a seed, for ever (Marsaglia's xorshift). */
export function drawSeeded(seed: number): Draw {
  let word = (seed * 2_654_435_761 + 1) | 0 || 1;
  return (below) => {
    word ^= word << 13;
    word ^= word >>> 17;
    word ^= word << 5;
    return (word >>> 0) % below;
  };
}

function value(draw: Draw, values: number): number {
  return draw(values);
}

export function registerSubject(
  values: number,
): Subject<string | number | null, RegisterInput, RegisterOutput> {
  return {
    model: register,
    input: (draw) => (draw(2) === 0 ? { kind: "read" } : { kind: "write", value: value(draw, values) }),
    answers: (state, input, draw) =>
      input.kind === "write"
        ? [{ kind: "done" }]
        : [
            { kind: "value", value: state },
            { kind: "value", value: value(draw, values) },
          ],
  };
}

export function casSubject(
  values: number,
): Subject<string | number | null, CasRegisterInput, CasRegisterOutput> {
  return {
    model: casRegister,
    input(draw) {
      const kind = draw(3);
      if (kind === 0) return { kind: "read" };
      if (kind === 1) return { kind: "write", value: value(draw, values) };
      return { kind: "cas", from: value(draw, values), to: value(draw, values) };
    },
    answers(state, input, draw) {
      if (input.kind === "write") return [{ kind: "done" }];
      if (input.kind === "cas")
        return [
          { kind: "swapped", swapped: true },
          { kind: "swapped", swapped: false },
        ];
      return [
        { kind: "value", value: state },
        { kind: "value", value: value(draw, values) },
      ];
    },
  };
}

/** How often each kind of call occurs. */
export interface KvMix {
  readonly keys: number;
  readonly values: number;
  readonly get: number;
  readonly put: number;
  readonly append: number;
  readonly delete: number;
  readonly cas: number;
}

export function kvSubject(mix: KvMix): Subject<string | null, KvInput, KvOutput> {
  const kinds = (["get", "put", "append", "delete", "cas"] as const).flatMap((kind) =>
    Array.from({ length: mix[kind] }, () => kind),
  );
  const text = (draw: Draw): string => String(value(draw, mix.values));
  return {
    model: kv,
    input(draw) {
      const kind = kinds[draw(kinds.length)]!;
      const key = `k${draw(mix.keys)}`;
      if (kind === "get" || kind === "delete") return { kind, key };
      if (kind === "cas")
        return { kind, key, expected: draw(3) === 0 ? null : text(draw), value: text(draw) };
      return { kind, key, value: text(draw) };
    },
    answers(state, input, draw) {
      if (input.kind === "cas")
        return [
          { kind: "swapped", swapped: true },
          { kind: "swapped", swapped: false },
        ];
      if (input.kind !== "get") return [{ kind: "done" }];
      return [
        state,
        null,
        text(draw),
        (state ?? "") + text(draw),
        state === null ? null : state.slice(1),
      ].map((answer) => ({ kind: "value", value: answer }));
    },
  };
}
