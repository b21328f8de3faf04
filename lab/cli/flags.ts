/** The flags of `linlab run`, and every way in which they can be wrong. */

import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { type Duration, InputError, MILLISECOND, SECOND } from "../../src/base/index.ts";
import { CLOCKS, DISKS } from "../cluster/index.ts";
import { findNemesis, nemeses } from "../faults/nemeses/index.ts";
import {
  defaultOptions,
  FAULT_SWITCHES,
  READS,
  type RunOptions,
  TOPICS,
  type Topic,
  WORKLOADS,
} from "../run/index.ts";
import { findMutant, mutants } from "../run/mutants/index.ts";

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
  --[no-]membership        servers join, leave and replace one another; two
                           more stand by (default: off)
  --reads log, index or lease    gets as log entries, by ReadIndex, or under
                           a lease, which rests on clocks
  --clocks perfect, drift or wild
                           servers' clocks: right (default), off by up to
                           the drift bound, or by anything, jumping and
                           stopping, too; no lease survives the last
  --disks sound or faulty  servers' disks: sound (default), or with writes that
                           crashes cut, failed fsyncs and rot
  --disks lying, wiped or misdirected
                           disks that no server can be built for
  --drift-bound PPM        what leases reckon with, in microseconds of a
                           million (default: ${defaultOptions.driftBound})
  --[no-]pre-vote, --[no-]check-quorum
                           what is not said, each seed draws
  --[no-]encode            send every message through bytes (default: off)
  --[no-]refinement        hold every step of a server against the
                           specification of Raft (default: off)
  --schedule FILE          these faults instead of drawn ones (JSON)
  --nemesis NAME           instead of drawn faults, one situation again and
                           again, for the servers to fail in:
${nemeses.map(({ name, does }) => `    ${name.padEnd(22)}  ${does}`).join("\n")}
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

const SWITCHES = [...FAULT_SWITCHES, "membership", "encode", "refinement"] as const;

/** Switches with a third position: the seed draws it. */
const DRAWN_SWITCHES = ["pre-vote", "check-quorum"] as const;

const MOST_WORKERS = 64;

const LIMITS = {
  servers: [1, 99],
  clients: [1, 999],
  keys: [1, 9999],
  budget: [1, 1_000_000_000],
  "drift-bound": [0, 900_000],
} as const;

export const HOUR: Duration = 3600 * SECOND;

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
    options: { ...defaultOptions, ...givenOptions(values) },
    schedule: text(values.schedule) ?? null,
    out: text(values.out) ?? "linlab-out",
    json: values.json === true,
    trace: topicsFrom(values),
  };
}

export type Values = Readonly<Record<string, string | boolean | undefined>>;

const STRING = { type: "string" } as const;
const BOOLEAN = { type: "boolean" } as const;

/** The flags that say what a run's options are, as parseArgs wants them. */
export const OPTION_FLAGS = {
  servers: STRING,
  clients: STRING,
  keys: STRING,
  workload: STRING,
  reads: STRING,
  clocks: STRING,
  disks: STRING,
  "drift-bound": STRING,
  duration: STRING,
  nemesis: STRING,
  mutant: STRING,
  budget: STRING,
  ...Object.fromEntries([...SWITCHES, ...DRAWN_SWITCHES].map((name) => [name, BOOLEAN])),
};

function parse(args: readonly string[]): Values {
  const own = {
    seed: STRING,
    seeds: STRING,
    schedule: STRING,
    out: STRING,
    json: BOOLEAN,
    trace: BOOLEAN,
    topics: STRING,
  };
  const options = { ...OPTION_FLAGS, ...own };
  try {
    return parseArgs({ args: [...args], options, allowNegative: true, strict: true }).values as Values;
  } catch (error) {
    // The first sentence says what is wrong; what follows explains how to pass strange positionals.
    const [what] = (error as Error).message.split(/\.\s/);
    throw new InputError(`${what}; see linlab --help`);
  }
}

/** The options that the flags speak of, and no others. Throws InputError. */
export function givenOptions(values: Values): Partial<RunOptions> {
  const given = {
    servers: count("servers", values),
    clients: count("clients", values),
    keys: count("keys", values),
    workload: oneOf("workload", WORKLOADS, values),
    duration: values.duration === undefined ? null : timeFrom("--duration", values.duration, HOUR),
    ...Object.fromEntries(SWITCHES.map((name) => [name, values[name]])),
    reads: oneOf("reads", READS, values),
    clocks: oneOf("clocks", CLOCKS, values),
    disks: oneOf("disks", DISKS, values),
    driftBound: count("drift-bound", values),
    preVote: values["pre-vote"],
    checkQuorum: values["check-quorum"],
    nemesis: nemesisFrom(text(values.nemesis), values),
    mutant: mutantFrom(text(values.mutant)),
    checkBudget: count("budget", values),
  };
  if (given.reads === "lease" && given.checkQuorum === false) {
    throw new InputError("--reads lease needs CheckQuorum: leave --no-check-quorum away");
  }
  const said = Object.entries(given).filter(([, value]) => value !== null && value !== undefined);
  const options = Object.fromEntries(said) as Partial<RunOptions>;
  assertMembersMayChange(options);
  // A bug that shows only so would be asked for in vain.
  return { ...(typeof options.mutant === "string" ? findMutant(options.mutant)!.needs : {}), ...options };
}

/** Throws InputError. */
function assertMembersMayChange({ membership, nemesis, refinement }: Partial<RunOptions>): void {
  if (membership !== true) return;
  if (typeof nemesis === "string")
    throw new InputError(`--membership draws what goes wrong, so it does not go with --nemesis ${nemesis}`);
  if (refinement === true)
    throw new InputError(
      "--refinement knows no other members than the first: it does not go with --membership",
    );
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
  const [least, most] = LIMITS[name];
  return wholeFrom(name, text(values[name]), least, most);
}

/** Null if the flag is not there. Throws InputError. */
export function wholeFrom(
  flag: string,
  value: string | undefined,
  least: number,
  most: number,
): number | null {
  if (value === undefined) return null;
  const n = Number(value);
  if (/^\d+$/.test(value) && n >= least && n <= most) return n;
  throw new InputError(`--${flag} ${value}: expected a whole number from ${least} to ${most}`);
}

/** How many threads: one a core, if nobody says. Throws InputError. */
export function workersFrom(value: string | undefined): number {
  return wholeFrom("workers", value, 1, MOST_WORKERS) ?? Math.min(MOST_WORKERS, availableParallelism());
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

/** Seconds unless it says ms. Throws InputError. */
export function timeFrom(flag: string, value: Values[string], longest: Duration): Duration {
  const match = /^(\d+(?:\.\d+)?)(s|ms)?$/.exec(String(value));
  const length =
    match === null ? 0 : Math.round(Number(match[1]) * (match[2] === "ms" ? MILLISECOND : SECOND));
  if (length > 0 && length <= longest) return length;
  const limit = longest === HOUR ? "an hour" : `${longest / HOUR} hours`;
  throw new InputError(`${flag} ${value}: expected a time up to ${limit} such as 6s or 1500ms`);
}

/** The name of a known mutant. Throws InputError. */
export function mutantFrom(name: string | undefined): string | null {
  if (name === undefined) return null;
  if (findMutant(name) !== null) return name;
  throw new InputError(`--mutant ${name}: expected one of ${mutants.map((known) => known.name).join(", ")}`);
}

/** The name of a known nemesis, for which there are servers enough. Throws InputError. */
function nemesisFrom(name: string | undefined, values: Values): string | null {
  if (name === undefined) return null;
  const nemesis = findNemesis(name);
  if (nemesis === null) {
    throw new InputError(`--nemesis ${name}: expected one of ${nemeses.map((each) => each.name).join(", ")}`);
  }
  const servers = count("servers", values);
  if (servers === null || servers >= nemesis.servers) return name;
  throw new InputError(
    `--nemesis ${name} needs at least ${nemesis.servers} servers, found --servers ${servers}`,
  );
}

function text(value: Values[string]): string | undefined {
  return typeof value === "string" ? value : undefined;
}
