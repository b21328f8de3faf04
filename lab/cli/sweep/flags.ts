/** The flags of `linlab sweep`, and every way in which they can be wrong. */

import { parseArgs } from "node:util";
import { type Duration, InputError } from "../../../src/base/index.ts";
import { DEFAULT_RECHECK, type Plan } from "../../sweep/index.ts";
import {
  givenOptions,
  HOUR,
  OPTION_FLAGS,
  seedsFrom,
  timeFrom,
  type Values,
  wholeFrom,
  workersFrom,
} from "../flags.ts";
import { shardFrom } from "./shard.ts";

export interface SweepFlags {
  readonly plan: Plan;
  readonly workers: number;
  readonly untilFailure: boolean;
  /** After so much wall-clock time no more seeds are begun; null for no limit. */
  readonly time: Duration | null;
  readonly out: string;
  readonly fresh: boolean;
  readonly json: boolean;
}

export const SWEEP_HELP = `linlab sweep: many seeds over worker threads; each also draws what kind of
                           run it is (servers, clients, keys, faults ...)
  --seeds A..B             which seeds (default: 1..1000)
  --workers W              threads (default: one a core)
  --shard I/N              only the I-th of N parts of the seeds; the I may
                           come from JOB_COMPLETION_INDEX or CI_NODE_INDEX
  --until-failure          stop at the first violation
  --time 60s               begin no more seeds after this (wall-clock) time
  --recheck N              run one seed in N twice, and compare every event
                           (default: ${DEFAULT_RECHECK}; 0 for none)
  --out DIR                where the results go (default: linlab-out); the
                           same command goes on where it was stopped
  --fresh                  begin anew: drop the results that are there
  --json                   one JSON object on stdout
  and of linlab run: --servers, --clients, --keys, --workload, --duration,
  faults, features, --membership, --encode, --refinement, --nemesis, --mutant,
  --budget: the same for every seed
`;

const DEFAULT_SEEDS = "1..1000";
const MOST_RECHECK = 1e9;
const LONGEST = 24 * HOUR;

/** Throws InputError. */
export function parseSweepFlags(args: readonly string[], environment: NodeJS.ProcessEnv): SweepFlags {
  const values = parse(args);
  const text = (name: string) => values[name] as string | undefined;
  const seeds = seedsFrom(undefined, text("seeds") ?? DEFAULT_SEEDS);
  const shard = shardFrom(text("shard"), environment);
  const size = seeds[1] - seeds[0] + 1;
  if (shard.count > size) {
    throw new InputError(
      `${shard.count} shards cannot share ${size} seeds: give more --seeds, or fewer shards`,
    );
  }
  return {
    plan: {
      seeds,
      shard,
      given: givenOptions(values),
      recheck: wholeFrom("recheck", text("recheck"), 0, MOST_RECHECK) ?? DEFAULT_RECHECK,
    },
    workers: workersFrom(text("workers")),
    untilFailure: values["until-failure"] === true,
    time: values.time === undefined ? null : timeFrom("--time", values.time, LONGEST),
    out: text("out") ?? "linlab-out",
    fresh: values.fresh === true,
    json: values.json === true,
  };
}

function parse(args: readonly string[]): Values {
  const string = { type: "string" } as const;
  const boolean = { type: "boolean" } as const;
  const own = { seeds: string, workers: string, shard: string, time: string, recheck: string, out: string };
  const options = { ...OPTION_FLAGS, ...own, "until-failure": boolean, fresh: boolean, json: boolean };
  try {
    const values: Values = parseArgs({ args: [...args], options, allowNegative: true }).values;
    const empty = Object.keys(values).find((name) => values[name] === "");
    if (empty === undefined) return values;
    throw new Error(`--${empty}: expected a value, found an empty one`);
  } catch (error) {
    throw new InputError(`${(error as Error).message.split(/\.\s/)[0]}; see linlab sweep --help`);
  }
}
