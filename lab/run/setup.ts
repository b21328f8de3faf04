/** From a seed and options to everything that a run needs decided before it begins. */

import { assert, type Duration, MILLISECOND, type Random } from "../../src/base/index.ts";
import {
  type ClientBoot,
  Cluster,
  type Decider,
  drawDrifts,
  drawSettings,
  intendedSystem,
  type Manners,
  type Settings,
  type System,
} from "../cluster/index.ts";
import {
  type CountedClass,
  drawChanges,
  drawSchedule,
  FAULT_CLASSES,
  type FaultClass,
  makeSchedule,
  type Schedule,
} from "../faults/index.ts";
import { findNemesis, type Nemesis } from "../faults/nemeses/index.ts";
import { type Conditions, perfectConditions } from "../sim/index.ts";
import { witnessed } from "../spec/index.ts";
import {
  AppendGenerator,
  Client,
  type ClientOptions,
  DrawnAgenda,
  drawnHabits,
  drawWorkload,
  MixedGenerator,
} from "../workload/index.ts";
import { findMutant } from "./mutants/index.ts";
import { type RunOptions, SPARES } from "./options.ts";

/** The nemesis that these options name; null if they leave it to chance what goes wrong. */
export function namedNemesis({ nemesis: name, servers }: RunOptions): Nemesis | null {
  if (name === null) return null;
  const nemesis = findNemesis(name);
  assert(nemesis !== null, () => `there is no nemesis ${name}`);
  assert(servers >= nemesis.servers, () => `${name} needs ${nemesis.servers} servers, there are ${servers}`);
  return nemesis;
}

/** The fault classes that these options enable: those of the random nemesis, or those with which a named one strikes. */
function enabledClasses(options: RunOptions): readonly FaultClass[] {
  const named = namedNemesis(options);
  if (named !== null) return named.classes;
  const classes: FaultClass[] = [];
  if (options.partitions) classes.push("partition");
  if (options.crashes) classes.push("crash");
  if (options.pauses) classes.push("pause");
  if (options.clocks === "wild") classes.push("clock");
  // Of two servers' disks there is no minority.
  if (options.disks === "faulty") classes.push("fsync", ...(options.servers >= 3 ? (["rot"] as const) : []));
  if (options.unreliable) classes.push("loss", "delay", "duplication");
  if (options.reorder) classes.push("reordering");
  return classes;
}

/** All that a run may be asked for, in the order in which people are told of it. */
export const COUNTED_CLASSES = [...FAULT_CLASSES, "membership"] as const satisfies readonly CountedClass[];

/** The same, and the changes of the membership. */
export function askedFor(options: RunOptions): readonly CountedClass[] {
  return options.membership ? [...enabledClasses(options), "membership"] : enabledClasses(options);
}

/** What can strike in a run: what the schedule holds, and what the network does by itself. */
export function classesOf(schedule: Schedule, options: RunOptions): readonly CountedClass[] {
  const kinds = new Set(schedule.faults.map(({ fault }) => fault.kind));
  const enabled = askedFor(options);
  const byItself = ["loss", "delay", "duplication", "reordering"];
  return COUNTED_CLASSES.filter(
    (kind) => kinds.has(kind) || (byItself.includes(kind) && enabled.includes(kind)),
  );
}

/** Networks, of 1000, that are perfect between faults, so that what takes long has no excuse. */
const STEADY = 400;

/** The network between faults. The seed also draws whether losses are told, as labrpc does, or silent. */
export function drawConditions(
  random: Random,
  options: Pick<RunOptions, "unreliable" | "reorder">,
): Conditions {
  const detectsLoss = random.chance(500);
  if (random.chance(STEADY)) return { ...perfectConditions, detectsLoss };
  return {
    ...perfectConditions,
    reliable: !options.unreliable,
    detectsLoss,
    duplication: options.unreliable ? random.below(30) : 0,
    reordering: options.reorder ? random.below(30) : 0,
  };
}

/** The specification's servers are who they are: it does not judge where members change. */
export function isRefined({
  refinement,
  membership,
}: Pick<RunOptions, "refinement" | "membership">): boolean {
  return refinement && !membership;
}

export interface ClusterExtras {
  readonly settings?: Settings;
  readonly decider?: Decider | null;
  /** What the parts of the system wear over them, to be watched more closely. */
  readonly dress?: (system: System) => System;
}

/** The seed draws how the servers are set up, where neither the options nor the caller say. */
export function makeCluster(
  random: Random,
  options: RunOptions,
  { settings: given, decider = null, dress = (system) => system }: ClusterExtras = {},
): Cluster {
  const mutant = options.mutant === null ? null : findMutant(options.mutant);
  const system = mutant?.system ?? intendedSystem;
  const judged = isRefined(options) ? { ...system, Raft: witnessed(system.Raft) } : system;
  const settings = given ?? chosenSettings(drawnSettings(random.fork("settings"), options), options);
  const drawn = drawConditions(random.fork("conditions"), options);
  const conditions = { ...drawn, ...namedNemesis(options)?.needs.conditions };
  const cluster = new Cluster({
    random,
    servers: options.servers,
    spares: options.membership ? SPARES : 0,
    clients: options.clients,
    conditions: decider?.conditions(conditions) ?? conditions,
    clocks: options.clocks,
    disks: options.disks,
    driftBound: options.driftBound,
    encode: options.encode,
    system: dress(judged),
    settings: decider?.settings(settings) ?? settings,
    decider,
    client: (boot) => {
      const drawn = random.fork(boot.id, boot.incarnation);
      return new Client(clientOptions(drawn, options, boot, decider), boot.now, boot.Clerk);
    },
  });
  const { clocks, driftBound } = options;
  if (clocks !== "perfect") {
    const drifts = drawDrifts(random.fork("clocks"), cluster.serverIds, clocks, driftBound);
    for (const [id, ppm] of drifts) cluster.world.changeClock(id, { kind: "rate", ppm });
  }
  return cluster;
}

/** Runs with changes of the membership, of 1000, that change one server at a time. */
const ONE_AT_A_TIME = 350;

function drawnSettings(random: Random, { clients, membership }: RunOptions): Settings {
  const drawn = drawSettings(random, clients);
  const isSingle = membership && random.fork("membership").chance(ONE_AT_A_TIME);
  return isSingle ? { ...drawn, features: { ...drawn.features, singleServerChange: true } } : drawn;
}

/** What the user says comes first, then what a named nemesis needs. */
function chosenSettings(drawn: Settings, options: RunOptions): Settings {
  const { reads, preVote, checkQuorum } = options;
  const { limits, features, spareSessions, conditions: _, ...needs } = namedNemesis(options)?.needs ?? {};
  const settings = {
    ...drawn,
    ...needs,
    maxSessions: spareSessions === undefined ? drawn.maxSessions : options.clients + spareSessions,
    limits: { ...drawn.limits, ...limits },
    reads: reads ?? needs.reads ?? drawn.reads,
    features: {
      ...drawn.features,
      preVote: preVote ?? features?.preVote ?? drawn.features.preVote,
      checkQuorum: checkQuorum ?? features?.checkQuorum ?? drawn.features.checkQuorum,
    },
  };
  if (settings.reads !== "lease") return settings;
  // Who may not vote cannot depose a leader that nobody hears: it must go by itself.
  return { ...settings, features: { ...settings.features, checkQuorum: true } };
}

function clientOptions(
  random: Random,
  options: RunOptions,
  { id, number, incarnation, servers }: ClientBoot,
  decider: Decider | null,
): ClientOptions {
  const workload = drawWorkload(random.fork("workload"), options.keys);
  const name = incarnation === 0 ? id : `${id}.${incarnation}`;
  const commands = random.fork("commands");
  const manners: Manners = {
    attemptTimeout: random.fork("attempt").pick(ATTEMPT_TIMEOUTS),
    patience: drawPatience(random.fork("patience")),
  };
  const choices = random.fork("clerk");
  const agenda = new DrawnAgenda({
    generator:
      options.workload === "mixed"
        ? new MixedGenerator(commands, name, workload)
        : new AppendGenerator(commands, number),
    ...drawnHabits(random.fork("thinking"), workload),
    stopAt: options.duration,
  });
  return {
    clerk: {
      client: id,
      incarnation,
      servers,
      random: decider?.random(id, incarnation, choices) ?? choices,
      ...(decider?.manners(id, incarnation, manners) ?? manners),
    },
    agenda: decider?.agenda(id, incarnation, agenda) ?? agenda,
  };
}

/** Some clerks wait for less: when a leader is deposed they are the first to reach the next one. */
const ATTEMPT_TIMEOUTS: readonly Duration[] = [300, 300, 80].map((each) => each * MILLISECOND);

/** One client in five gives up now and then, and goes on in a new session; the others would wait for ever. */
function drawPatience(random: Random): Duration | null {
  return random.chance(200) ? random.between(300, 1500) * MILLISECOND : null;
}

/** Drawn before the run begins; nothing, where a named nemesis decides while it runs. */
export function drawFaults(random: Random, options: RunOptions, cluster: Cluster): Schedule {
  if (options.nemesis !== null) return makeSchedule([]);
  const { duration, membership } = options;
  const { founders: members, serverIds: servers, clientIds: clients } = cluster;
  const classes = enabledClasses(options);
  const steady = cluster.world.network.conditions.reliable;
  const drawn = drawSchedule(random.fork("nemesis"), { servers, clients, duration, classes, steady });
  if (!membership) return drawn;
  const changes = drawChanges(random.fork("membership"), { members, servers, duration, classes });
  return makeSchedule([...drawn.faults, ...changes]);
}
