/**
 * Swarm testing (Groce et al., ISSTA 2012): the seed of a sweep also draws what kind of run it is. Features suppress
 * one another, such as crashes that end a partition's leader before it can do harm, so a run that has everything on
 * never shows what a run with half of it on shows at once.
 */

import { Random, SECOND } from "../../src/base/index.ts";
import { findNemesis, nemeses } from "../faults/nemeses/index.ts";
import { defaultOptions, type RunOptions } from "../run/index.ts";

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

/** What may play in any run: a lease must be there to be broken. */
const ANYWHERE = nemeses.filter(({ name }) => name !== "staleLease");

/** Of 1000 runs, those that have a fault class on. */
const FAULTY = 700;
/** Those with the Go labs' workload. */
const APPENDING = 100;
/** Those in which a named nemesis plays: situations that chance hardly ever brings about. */
const NAMED = 250;
/** Those that send their messages through bytes, which no digest may notice. */
const ENCODED = 100;
/** Those that read under leases. */
const LEASED = 250;
/** Of these, those in which the nemesis of leases plays. */
const BREAKING = 150;
/** Those whose clocks drift, and those whose clocks do anything, which only leases mind. */
const DRIFTING = 300;
const WILD = 100;
/** Those whose disks are faulty, within what servers are built for. */
const FAULTY_DISKS = 300;
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
    reads: random.pick(["log", "index"]),
    preVote: random.chance(500),
    checkQuorum: random.chance(500),
    encode: random.chance(ENCODED),
    refinement: random.chance(REFINED),
    nemesis: random.chance(NAMED) ? random.pick(ANYWHERE).name : null,
  };
  const membership = options.nemesis === null && random.fork("membership").chance(CHANGING);
  // A stream of their own: what was drawn before there were clocks stays as it was.
  const timely = random.fork("clocks");
  const wild = timely.chance(WILD);
  const clocks = timely.chance(DRIFTING) ? "drift" : wild ? "wild" : "perfect";
  const reads = timely.chance(LEASED) ? "lease" : options.reads;
  const isBroken = reads === "lease" && timely.chance(BREAKING) && !membership;
  const nemesis = isBroken ? "staleLease" : options.nemesis;
  const isFaulty = random.fork("disks").chance(FAULTY_DISKS);
  return withinModel({
    ...options,
    servers: Math.max(options.servers, leastServers({ nemesis })),
    membership,
    clocks,
    reads,
    nemesis,
    disks: isFaulty ? "faulty" : "sound",
  });
}

/**
 * No lease survives clocks that go beyond every bound, and none does without CheckQuorum. Where members change, the
 * specification has nothing to say, and a copy of an entry that rots may be one of too few. What a nemesis needs is not
 * left to chance.
 */
function withinModel(drawn: RunOptions): RunOptions {
  const { reads, features } = findNemesis(drawn.nemesis ?? "")?.needs ?? {};
  const options = {
    ...drawn,
    reads: reads ?? drawn.reads,
    preVote: features?.preVote ?? drawn.preVote,
    checkQuorum: features?.checkQuorum ?? drawn.checkQuorum,
  };
  const still = options.membership ? { refinement: false, disks: "sound" as const } : {};
  if (options.reads !== "lease") return { ...options, ...still };
  const clocks = options.clocks === "wild" ? "drift" : options.clocks;
  return { ...options, ...still, clocks, checkQuorum: true };
}

/**
 * What a seed of a sweep runs with: what is given, the rest as drawn. A given nemesis gets the servers that it needs; a
 * drawn one stays away where so few are given that it could do nothing. Members change where neither a nemesis plays nor
 * the specification judges, and what is given counts for more than what is drawn.
 */
export function sweepOptions(seed: number, given: Partial<RunOptions>): RunOptions {
  const changing = given.membership === true ? { nemesis: null } : {};
  const fixed =
    typeof given.nemesis === "string" || given.refinement === true || given.disks !== undefined
      ? { membership: false }
      : {};
  const options = { ...withinModel({ ...swarmOptions(seed), ...changing, ...fixed, ...given }), ...given };
  if (options.servers >= leastServers(options)) return options;
  return given.servers === undefined
    ? { ...options, servers: leastServers(options) }
    : { ...options, nemesis: null };
}

function leastServers({ nemesis }: Pick<RunOptions, "nemesis">): number {
  return nemesis === null ? 1 : (findNemesis(nemesis)?.servers ?? 1);
}
