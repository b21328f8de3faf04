/**
 * Histories that linearizability checkers fear: much concurrency on one object, long chains of appends, lost replies,
 * a stale read somewhere. All come from a store that is linearizable, but for the one answer that is made stale.
 */
import {
  type CheckResult,
  check,
  type HistoryEvent,
  type KvInput,
  type KvOutput,
  kv,
  type VersionedKvInput,
  type VersionedKvOutput,
  versionedKv,
} from "porcupine-ts";
import { type Draw, drawSeeded } from "../checker/random.ts";

interface Load {
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
function kvLoad(load: Load): HistoryEvent<KvInput, KvOutput>[] {
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

/** A client at a time reads a version and puts the next; so now and then two meet, and one is refused. */
function versionedLoad(
  operations: number,
  stale: boolean,
): HistoryEvent<VersionedKvInput, VersionedKvOutput>[] {
  const draw = drawSeeded(7);
  const history: HistoryEvent<VersionedKvInput, VersionedKvOutput>[] = [];
  const known = new Array<number>(10).fill(0);
  const running: ({ id: number; input: VersionedKvInput; output: VersionedKvOutput | null } | null)[] =
    known.map(() => null);
  let state: { value: string; version: number } | null = null;
  let called = 0;
  let busy = 0;
  while (called < operations || busy > 0) {
    const client = draw(known.length);
    const call = running[client]!;
    const time = history.length;
    if (call === null) {
      if (called === operations) continue;
      const input: VersionedKvInput =
        draw(2) === 0
          ? { kind: "get", key: "k" }
          : { kind: "put", key: "k", value: `v${called}`, version: known[client]! };
      running[client] = { id: called, input, output: null };
      history.push({ kind: "invoke", operation: called++, client: `c${client}`, input, time });
      busy++;
    } else if (call.output === null) {
      const version: number = state?.version ?? 0;
      known[client] = version;
      if (call.input.kind === "get")
        call.output = state === null ? { kind: "no key" } : { kind: "value", ...state };
      else if (call.input.version !== version)
        call.output = { kind: state === null ? "no key" : "wrong version" };
      else {
        state = { value: call.input.value, version: version + 1 };
        call.output = draw(20) === 0 ? { kind: "maybe" } : { kind: "done" };
      }
    } else {
      history.push({ kind: "response", operation: call.id, output: call.output, time });
      running[client] = null;
      busy--;
    }
  }
  if (!stale) return history;
  const reads = [...history.entries()].filter(
    ([, it]) => it.kind === "response" && it.output.kind === "value",
  );
  const [at, late] = reads.at(-20)!;
  const [, early] = reads[Math.floor(reads.length / 2)]!;
  const output = (early as { readonly output: VersionedKvOutput }).output;
  return history.map((it, i) => (i === at ? { ...late, output } : it)) as typeof history;
}

const usual: Load = {
  operations: 2_000,
  clients: 10,
  keys: 1,
  get: 4,
  put: 3,
  append: 3,
  lost: 0,
  values: 0,
  stale: false,
  seed: 1,
};

interface Hard {
  readonly name: string;
  /** Makes the history; what it gives judges it. */
  readonly judge: () => () => CheckResult;
  /** Whether its explanation is measured. Those of versions are general ones, with large cores. */
  readonly isExplained: boolean;
}

function kvHistory(name: string, load: Partial<Load>): Hard {
  return {
    name,
    isExplained: load.stale === true,
    judge: () => {
      const history = kvLoad({ ...usual, ...load });
      return () => check(kv, history);
    },
  };
}

function versionedHistory(name: string, operations: number, stale: boolean): Hard {
  return {
    name,
    isExplained: false,
    judge: () => {
      const history = versionedLoad(operations, stale);
      return () => check(versionedKv, history);
    },
  };
}

const both = (name: string, load: Partial<Load>): Hard[] => [
  kvHistory(name, load),
  kvHistory(`${name}, one stale read`, { ...load, stale: true }),
];

const appends: Partial<Load> = { get: 5, put: 0, append: 5 };

const putsAndGets: Partial<Load> = { get: 5, put: 5, append: 0, operations: 100_000, clients: 5 };

export const hardHistories: readonly Hard[] = [
  ...[10, 30, 100].flatMap((clients) => both(`one key, 2,000 operations, ${clients} clients`, { clients })),
  ...both("one key, 2,000 gets and appends", appends),
  ...both("one key, 10,000 gets and appends", { ...appends, operations: 10_000 }),
  ...[1, 5, 20].flatMap((percent) =>
    both(`one key, 2,000 operations, ${percent} % lost`, { lost: percent * 10 }),
  ),
  ...both("one key, 100,000 operations, 5 clients", { operations: 100_000, clients: 5 }),
  kvHistory("one key, 100,000 puts and gets, one stale read", { ...putsAndGets, stale: true }),
  versionedHistory("one version, 20,000 operations", 20_000, false),
  versionedHistory("one version, 20,000 operations, one stale read", 20_000, true),
  kvHistory("100 keys, 1,000,000 operations, 50 clients", {
    operations: 1_000_000,
    clients: 50,
    keys: 100,
    get: 5,
    put: 4,
    append: 1,
  }),
];
