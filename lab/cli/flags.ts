/** The flags of `linlab run`, and every way in which they can be wrong. */

import { parseArgs } from "node:util";
import { type Duration, InputError, MILLISECOND, SECOND } from "../../src/base/index.ts";
import {
  defaultOptions,
  FAULT_SWITCHES,
  findMutant,
  mutants,
  READS,
  type RunOptions,
  TOPICS,
  type Topic,
  WORKLOADS,
} from "../run/index.ts";

export interface RunFlags {
  readonly seeds: readonly [from: number, to: number];
  readonly options: RunOptions;
  /** A file; null to let the seed draw the schedule. */
  readonly schedule: string | null;
  readonly out: string;
  readonly json: boolean;
  /** The topics to tell the run by; null to keep quiet. */
  readonly trace: readonly Topic[] | null;
}

export const RUN_HELP = `linlab run: every fault is on unless it is switched off
  --seed N, --seeds A..B   which runs (default: seed 1)
  --servers N, --clients N, --keys N               (default: 5, 5, 5)
  --workload mixed         all operations on shared keys; or appends, each
                           client to a key of its own, as the Go labs do
  --duration 6s            virtual time under faults; also 1500ms
  --[no-]unreliable        lose, delay and duplicate messages
  --[no-]partitions, --[no-]crashes, --[no-]pauses, --[no-]reorder
                           a class that is on and never strikes, as in
                           a very short run, makes the result undecided
  --reads log, --reads index     gets as log entries, or by ReadIndex
  --[no-]pre-vote, --[no-]check-quorum
                           what is not said, each seed draws
  --[no-]encode            send every message through bytes (default: off)
  --schedule FILE          these faults instead of drawn ones (JSON)
  --mutant NAME            break one rule on purpose:
${mutants.map(({ name, breaks }) => `    ${name.padEnd(21)}  ${breaks}`).join("\n")}
  --budget N               configurations that the checker may explore
  --out DIR                where files go, replacing those of the same
                           seed (default: linlab-out)
  --json                   one JSON object on stdout
  --trace                  tell the run, a column per server; one seed only
  --topics LIST            only these, such as VOTE,LEAD:
                           ${TOPICS.join(" ")}
`;

const SWITCHES = [...FAULT_SWITCHES, "encode"] as const;

/** Switches with a third position: the seed draws it. */
const DRAWN_SWITCHES = ["pre-vote", "check-quorum"] as const;

const LIMITS = {
  servers: [1, 99],
  clients: [1, 999],
  keys: [1, 9999],
  budget: [1, 1_000_000_000],
} as const;

const LONGEST: Duration = 3600 * SECOND;

/** Throws InputError: what is wrong, with which flag, and what it takes. */
export function parseRunFlags(args: readonly string[]): RunFlags {
  const values = parse(args);
  for (const [name, value] of Object.entries(values)) {
    if (value === "") throw new InputError(`--${name}: expected a value, found an empty one`);
  }
  if (values.seed !== undefined && values.seeds !== undefined) {
    throw new InputError("--seed and --seeds exclude each other: give one");
  }
  const tells = values.trace === true || values.topics !== undefined;
  if (tells && (values.seeds !== undefined || values.json === true)) {
    throw new InputError("--trace tells one run to people: it goes with neither --seeds nor --json");
  }
  return {
    seeds: seedsFrom(values.seed, values.seeds),
    options: optionsFrom(values),
    schedule: text(values.schedule) ?? null,
    out: text(values.out) ?? "linlab-out",
    json: values.json === true,
    trace: topicsFrom(values),
  };
}

type Values = Readonly<Record<string, string | boolean | undefined>>;

function parse(args: readonly string[]): Values {
  const string = { type: "string" } as const;
  const boolean = { type: "boolean" } as const;
  const names = [
    "seed",
    "seeds",
    "servers",
    "clients",
    "keys",
    "workload",
    "reads",
    "duration",
    "schedule",
    "mutant",
    "budget",
    "out",
    "topics",
  ];
  const options = {
    ...Object.fromEntries(names.map((name) => [name, string])),
    ...Object.fromEntries([...SWITCHES, ...DRAWN_SWITCHES].map((name) => [name, boolean])),
    json: boolean,
    trace: boolean,
  };
  try {
    return parseArgs({ args: [...args], options, allowNegative: true, strict: true }).values as Values;
  } catch (error) {
    // The first sentence says what is wrong; what follows explains how to pass strange positionals.
    const [what] = (error as Error).message.split(/\.\s/);
    throw new InputError(`${what}; see linlab --help`);
  }
}

function optionsFrom(values: Values): RunOptions {
  const flag = (name: (typeof SWITCHES)[number]) =>
    (values[name] as boolean | undefined) ?? defaultOptions[name];
  return {
    servers: count("servers", values) ?? defaultOptions.servers,
    clients: count("clients", values) ?? defaultOptions.clients,
    keys: count("keys", values) ?? defaultOptions.keys,
    workload: oneOf("workload", WORKLOADS, values) ?? defaultOptions.workload,
    duration: duration(text(values.duration)) ?? defaultOptions.duration,
    unreliable: flag("unreliable"),
    partitions: flag("partitions"),
    crashes: flag("crashes"),
    pauses: flag("pauses"),
    reorder: flag("reorder"),
    reads: oneOf("reads", READS, values),
    preVote: drawnSwitch("pre-vote", values),
    checkQuorum: drawnSwitch("check-quorum", values),
    encode: flag("encode"),
    mutant: mutantFrom(text(values.mutant)),
    checkBudget: count("budget", values) ?? defaultOptions.checkBudget,
  };
}

/** Throws InputError. */
export function seedsFrom(seed: Values[string], seeds: Values[string]): readonly [number, number] {
  if (typeof seeds !== "string") {
    const only = typeof seed === "string" ? whole("--seed", seed) : 1;
    return [only, only];
  }
  const match = /^(\d+)\.\.(\d+)$/.exec(seeds);
  if (match === null) throw new InputError(`--seeds ${seeds}: expected a range such as 1..500`);
  const from = whole("--seeds", match[1]!);
  const to = whole("--seeds", match[2]!);
  if (from > to) throw new InputError(`--seeds ${seeds}: the first seed is after the last`);
  return [from, to];
}

function whole(flag: string, value: string): number {
  const n = Number(value);
  if (/^\d+$/.test(value) && Number.isSafeInteger(n)) return n;
  throw new InputError(`${flag} ${value}: expected a whole number such as 42`);
}

function count(name: keyof typeof LIMITS, values: Values): number | null {
  const value = text(values[name]);
  if (value === undefined) return null;
  const [least, most] = LIMITS[name];
  const n = Number(value);
  if (/^\d+$/.test(value) && n >= least && n <= most) return n;
  throw new InputError(`--${name} ${value}: expected a whole number from ${least} to ${most}`);
}

function topicsFrom(values: Values): readonly Topic[] | null {
  const list = text(values.topics);
  if (list === undefined) return values.trace === true ? TOPICS : null;
  return list.split(",").map((name) => {
    const topic = TOPICS.find((known) => known === name.trim().toUpperCase());
    if (topic === undefined) throw new InputError(`--topics ${name}: expected some of ${TOPICS.join(",")}`);
    return topic;
  });
}

function oneOf<Name extends string>(flag: string, names: readonly Name[], values: Values): Name | null {
  const value = text(values[flag]);
  if (value === undefined) return null;
  const known = names.find((name) => name === value);
  if (known !== undefined) return known;
  throw new InputError(`--${flag} ${value}: expected one of ${names.join(", ")}`);
}

function drawnSwitch(name: (typeof DRAWN_SWITCHES)[number], values: Values): boolean | null {
  return (values[name] as boolean | undefined) ?? null;
}

function duration(value: string | undefined): Duration | null {
  if (value === undefined) return null;
  const match = /^(\d+(?:\.\d+)?)(s|ms)?$/.exec(value);
  const length =
    match === null ? 0 : Math.round(Number(match[1]) * (match[2] === "ms" ? MILLISECOND : SECOND));
  if (length > 0 && length <= LONGEST) return length;
  throw new InputError(`--duration ${value}: expected a time up to an hour such as 6s or 1500ms`);
}

/** The name of a known mutant. Throws InputError. */
export function mutantFrom(name: string | undefined): string | null {
  if (name === undefined) return null;
  if (findMutant(name) !== null) return name;
  throw new InputError(`--mutant ${name}: expected one of ${mutants.map((known) => known.name).join(", ")}`);
}

function text(value: Values[string]): string | undefined {
  return typeof value === "string" ? value : undefined;
}
