/**
 * Swarm testing (Groce et al., ISSTA 2012): the seed of a sweep also draws what kind of run it is. Features suppress
 * one another, such as crashes that end a partition's leader before it can do harm, so a run that has everything on
 * never shows what a run with half of it on shows at once.
 */

import { Random, SECOND } from "../../src/base/index.ts";
import { defaultOptions, findNemesis, nemeses, READS, type RunOptions } from "../run/index.ts";

/**
 * How often a value is drawn is how often it stands here. Three servers are the smallest cluster that can lose one, and
 * break soonest; of an even number half is no majority; one and two are borders.
 */
const SERVERS = [1, 2, 3, 3, 3, 3, 3, 3, 4, 4, 5, 5, 5, 5, 5, 7] as const;
/** A client has one operation open at a time: two are the fewest that race. One may crash before it has any answer. */
const CLIENTS = [2, 2, 3, 3, 5, 5, 8] as const;
/** On one key all operations meet. */
const KEYS = [1, 2, 3, 5, 10] as const;
const DURATIONS = [3 * SECOND, 6 * SECOND, 6 * SECOND, 10 * SECOND] as const;

/** Of 1000 runs, those that have a fault class on. */
const FAULTY = 700;
/** Those with the Go labs' workload. */
const APPENDING = 100;
/** Those in which a named nemesis plays: situations that chance hardly ever brings about. */
const NAMED = 250;
/** Those that send their messages through bytes, which no digest may notice. */
const ENCODED = 100;
/** Those that hold every step against the specification, and take a sixth longer for it. */
const REFINED = 250;
/** Those without a nemesis whose members change. */
const CHANGING = 250;

/**
 * The options that a seed draws: the same for the same seed, in this version of linlab. What is no option, such as the
 * rates of faults and the limits of servers, every run draws for itself.
 */
export function swarmOptions(seed: number): RunOptions {
  const random = new Random(seed).fork("swarm");
  const options: RunOptions = {
    ...defaultOptions,
    servers: random.pick(SERVERS),
    clients: random.pick(CLIENTS),
    keys: random.pick(KEYS),
    workload: random.chance(APPENDING) ? "appends" : "mixed",
    duration: random.pick(DURATIONS),
    unreliable: random.chance(FAULTY),
    partitions: random.chance(FAULTY),
    crashes: random.chance(FAULTY),
    pauses: random.chance(FAULTY),
    reorder: random.chance(FAULTY),
    reads: random.pick(READS),
    preVote: random.chance(500),
    checkQuorum: random.chance(500),
    encode: random.chance(ENCODED),
    refinement: random.chance(REFINED),
    nemesis: random.chance(NAMED) ? random.pick(nemeses).name : null,
  };
  const membership = options.nemesis === null && random.fork("membership").chance(CHANGING);
  // The specification knows nothing of it.
  const refinement = options.refinement && !membership;
  return { ...options, membership, refinement, servers: Math.max(options.servers, leastServers(options)) };
}

/**
 * What a seed of a sweep runs with: what is given, the rest as drawn. A given nemesis gets the servers that it needs; a
 * drawn one stays away where so few are given that it could do nothing. Members change where neither a nemesis plays nor
 * the specification judges, and what is given counts for more than what is drawn.
 */
export function sweepOptions(seed: number, given: Partial<RunOptions>): RunOptions {
  const changing = given.membership === true ? { nemesis: null, refinement: false } : {};
  const fixed = typeof given.nemesis === "string" || given.refinement === true ? { membership: false } : {};
  const options: RunOptions = { ...swarmOptions(seed), ...changing, ...fixed, ...given };
  if (options.servers >= leastServers(options)) return options;
  return given.servers === undefined
    ? { ...options, servers: leastServers(options) }
    : { ...options, nemesis: null };
}

function leastServers({ nemesis }: Pick<RunOptions, "nemesis">): number {
  return nemesis === null ? 1 : (findNemesis(nemesis)?.servers ?? 1);
}
