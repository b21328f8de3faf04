/**
 * Judges Porcupine's test data in this process and writes nanoseconds as JSON: `cold` the first pass over the etcd logs;
 * `explain` the explanations of all wrong keys of c10-bad, the first that this process makes; `warm` minima by file, of
 * the same file again and again and of all in turn, and of c10-bad as one object.
 */
import {
  type CheckResult,
  casRegister,
  check,
  ILLEGAL,
  type KvInput,
  type KvOutput,
  kv,
  type Model,
} from "porcupine-ts";
import { etcdLogs, kvFiles } from "./data.ts";

/** Of the keys of c10-bad: how many are wrong, the operations in the largest core, and the time for all of them. */
export interface Explained {
  readonly keys: number;
  readonly largest: number;
  readonly nanoseconds: number;
}

const [mode, folder = "", rounds = "100"] = process.argv.slice(2);
const emptyKv = { ...kv, initial: "" };
const logs = etcdLogs(folder).map(({ file, history }) => ({
  file,
  judge: () => check(casRegister, history),
}));
const kvs = kvFiles(folder);

/** All keys in one state, as in Porcupine's model without partitions: each with its value behind it, in their order. */
const whole: Model<readonly string[], KvInput, KvOutput> = {
  name: "whole-kv",
  initial: [],
  step(state, input, output) {
    let at = 0;
    while (at < state.length && state[at]! < input.key) at += 2;
    const isThere = state[at] === input.key;
    const after = emptyKv.step(isThere ? state[at + 1]! : "", input, output);
    if (after === ILLEGAL) return ILLEGAL;
    if (input.kind === "get") return state;
    return [...state.slice(0, at), input.key, after ?? "", ...state.slice(isThere ? at + 2 : at)];
  },
  stateKey: (state) => state,
  objectOf: () => "all",
  describe: kv.describe,
};
const withFootprint: typeof whole = {
  ...whole,
  traits: {
    effect: () => "depends",
    sees: () => true,
    revives: () => true,
    footprint: ({ key }: KvInput) => [key],
  },
};

function nanoseconds(judge: () => CheckResult): number {
  const start = process.hrtime.bigint();
  judge();
  return Number(process.hrtime.bigint() - start);
}

function least(times: number, judge: () => CheckResult): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < times; i++) best = Math.min(best, nanoseconds(judge));
  return best;
}

if (mode === "cold") {
  const start = process.hrtime.bigint();
  for (const { judge } of logs) judge();
  console.log(JSON.stringify(Number(process.hrtime.bigint() - start)));
} else if (mode === "explain") {
  const { objects } = check(emptyKv, kvs.find(({ file }) => file === "c10-bad.txt")!.history);
  const wrong = objects.filter(({ verdict }) => verdict === "illegal");
  const start = process.hrtime.bigint();
  const cores = wrong.map(({ explanation }) =>
    explanation?.kind === "violation" ? explanation.core.length : 0,
  );
  const nanoseconds = Number(process.hrtime.bigint() - start);
  console.log(JSON.stringify({ keys: wrong.length, largest: Math.max(...cores), nanoseconds } as Explained));
} else {
  const subjects = [
    ...logs,
    ...kvs.map(({ file, history }) => ({ file, judge: () => check(emptyKv, history) })),
  ];
  const results = subjects.map(({ file, judge }) => ({
    file,
    ok: judge().verdict === "ok",
    interleaved: Number.POSITIVE_INFINITY,
    repeated: Number.POSITIVE_INFINITY,
  }));
  for (let round = 0; round < Number(rounds); round++) {
    for (const [i, { judge }] of subjects.entries()) {
      results[i]!.interleaved = Math.min(results[i]!.interleaved, nanoseconds(judge));
    }
  }
  for (const [i, { judge }] of subjects.entries()) results[i]!.repeated = least(Number(rounds), judge);
  for (const { file, history } of kvs.filter((it) => it.file.startsWith("c10"))) {
    const ok = check(withFootprint, history).verdict === "ok";
    for (const [name, model] of [
      [`${file}, not split`, whole],
      [`${file}, not split, footprint`, withFootprint],
    ] as const) {
      const repeated = least(3, () => check(model, history, { budget: 20_000_000, memory: 4_096 }));
      results.push({ file: name, ok, interleaved: repeated, repeated });
    }
  }
  console.log(JSON.stringify(results));
}
