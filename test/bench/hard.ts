/**
 * Histories that linearizability checkers fear: much concurrency on one object, long chains of appends, lost replies,
 * a stale read somewhere. All come from a store that is linearizable, but for the one answer that is made stale.
 */
import type { HistoryEvent, KvInput, KvOutput } from "porcupine-ts";
import { type Draw, drawSeeded } from "../checker/random.ts";

export interface Load {
  readonly operations: number;
  readonly clients: number;
  readonly keys: number;
  /** Weights of the calls. */
  readonly get: number;
  readonly put: number;
  readonly append: number;
  /** Of 1,000 operations so many never return; half of them take effect. */
  readonly lost: number;
  /** Written values repeat after so many; 0 is never. */
  readonly values: number;
  /** Whether one get is answered with what an earlier one saw. */
  readonly stale: boolean;
  readonly seed: number;
}

interface Call {
  readonly id: number;
  readonly input: KvInput;
  output: KvOutput | null;
  readonly client: number;
  readonly isLost: boolean;
}

/** String keys, one replica. */
export function kvLoad(load: Load): HistoryEvent<KvInput, KvOutput>[] {
  const draw = drawSeeded(load.seed);
  const history: HistoryEvent<KvInput, KvOutput>[] = [];
  const state = new Map<string, string>();
  const running: (Call | null)[] = new Array(load.clients).fill(null);
  const names = running.map((_, client) => `c${client}`);
  let called = 0;
  let busy = 0;
  while (called < load.operations || busy > 0) {
    const client = draw(load.clients);
    const call = running[client]!;
    const time = history.length;
    if (call === null) {
      if (called === load.operations) continue;
      const input = inputOf(load, draw, client, called);
      const isLost = draw(1_000) < load.lost;
      running[client] = { id: called, input, output: null, client, isLost };
      history.push({ kind: "invoke", operation: called++, client: names[client]!, input, time });
      busy++;
    } else if (call.isLost) {
      if (draw(2) === 0) apply(state, call.input);
      history.push({ kind: "indeterminate", operation: call.id, time });
      running[client] = null;
      busy--;
    } else if (call.output === null) call.output = apply(state, call.input);
    else {
      history.push({ kind: "response", operation: call.id, output: call.output, time });
      running[client] = null;
      busy--;
    }
  }
  return load.stale ? withStaleRead(history) : history;
}

function inputOf(load: Load, draw: Draw, client: number, number: number): KvInput {
  const key = `k${draw(load.keys)}`;
  const kind = draw(load.get + load.put + load.append);
  if (kind < load.get) return { kind: "get", key };
  const value = `x ${client} ${load.values === 0 ? number : draw(load.values)} y`;
  return { kind: kind < load.get + load.put ? "put" : "append", key, value };
}

function apply(state: Map<string, string>, input: KvInput): KvOutput {
  const value = state.get(input.key);
  switch (input.kind) {
    case "get":
      // A text of its own, as it would come out of a file: appending only links the parts.
      return { kind: "value", value: value === undefined ? null : Buffer.from(value).toString() };
    case "put":
      state.set(input.key, input.value);
      return { kind: "done" };
    case "append":
      state.set(input.key, (value ?? "") + input.value);
      return { kind: "done" };
    default:
      throw new Error(`this store has no ${input.kind}`);
  }
}

/** A get at nine tenths of the history repeats what another one of its key saw long before. */
function withStaleRead(history: HistoryEvent<KvInput, KvOutput>[]): HistoryEvent<KvInput, KvOutput>[] {
  const keys = new Map<number, string>();
  const seen = new Map<string, { readonly at: number; readonly output: KvOutput }[]>();
  for (const [at, event] of history.entries()) {
    if (event.kind === "invoke") keys.set(event.operation, event.input.key);
    if (event.kind !== "response" || event.output.kind !== "value" || event.output.value === null) continue;
    const key = keys.get(event.operation)!;
    const before = seen.get(key) ?? [];
    seen.set(key, before);
    if (before.length === 0 || before[0]!.at < at * 0.5) before[0] = { at, output: event.output };
    const old = before[0];
    if (at > history.length * 0.9 && old !== undefined) {
      const value = old.output.kind === "value" ? old.output.value : null;
      if (value === event.output.value) continue;
      return history.map((it, i) => (i === at ? { ...event, output: old.output } : it));
    }
  }
  throw new Error("no get of this history can be made stale");
}
