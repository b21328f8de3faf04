/** From a seed and options to everything that a run needs decided before it begins. */

import { type Duration, MILLISECOND, type Random } from "../../src/base/index.ts";
import { drawSchedule, FAULT_CLASSES, type FaultClass, type Schedule } from "../faults/index.ts";
import { type Conditions, perfectConditions } from "../sim/index.ts";
import {
  AppendGenerator,
  Client,
  type ClientOptions,
  DrawnAgenda,
  drawWorkload,
  MixedGenerator,
} from "../workload/index.ts";
import { type ClientBoot, Cluster } from "./cluster.ts";
import type { Decider, Manners } from "./decider.ts";
import { findMutant } from "./mutants/index.ts";
import type { RunOptions } from "./options.ts";
import { drawSettings, type Settings } from "./settings.ts";
import { intendedSystem } from "./system.ts";

/** The fault classes that these options enable. */
export function enabledClasses(options: RunOptions): readonly FaultClass[] {
  const classes: FaultClass[] = [];
  if (options.partitions) classes.push("partition");
  if (options.crashes) classes.push("crash");
  if (options.pauses) classes.push("pause");
  if (options.unreliable) classes.push("loss", "delay", "duplication");
  if (options.reorder) classes.push("reordering");
  return classes;
}

/** What can strike in a run: what the schedule holds, and what the network does by itself. */
export function classesOf(schedule: Schedule, options: RunOptions): readonly FaultClass[] {
  const kinds = new Set(schedule.faults.map(({ fault }) => fault.kind));
  const enabled = enabledClasses(options);
  const byItself = ["loss", "delay", "duplication", "reordering"];
  return FAULT_CLASSES.filter(
    (kind) => kinds.has(kind) || (byItself.includes(kind) && enabled.includes(kind)),
  );
}

/** Networks, of 1000, that are perfect between faults, so that what takes long has no excuse. */
const STEADY = 400;

/** The network between faults. The seed also draws whether losses are told, as labrpc does, or silent. */
function drawConditions(random: Random, options: RunOptions): Conditions {
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

/** The seed draws how the servers are set up, where neither the options nor the caller say. */
export function makeCluster(
  random: Random,
  options: RunOptions,
  given: Settings | null = null,
  decider: Decider | null = null,
): Cluster {
  const mutant = options.mutant === null ? null : findMutant(options.mutant);
  const settings = given ?? chosenSettings(drawSettings(random.fork("settings"), options.clients), options);
  const conditions = drawConditions(random.fork("conditions"), options);
  return new Cluster({
    random,
    servers: options.servers,
    clients: options.clients,
    conditions: decider?.conditions(conditions) ?? conditions,
    encode: options.encode,
    system: mutant?.system ?? intendedSystem,
    settings: decider?.settings(settings) ?? settings,
    decider,
    client: (boot) =>
      new Client(clientOptions(random.fork(boot.id, boot.incarnation), options, boot, decider), boot.now),
  });
}

function chosenSettings(drawn: Settings, { reads, preVote, checkQuorum }: RunOptions): Settings {
  return {
    ...drawn,
    reads: reads ?? drawn.reads,
    features: {
      preVote: preVote ?? drawn.features.preVote,
      checkQuorum: checkQuorum ?? drawn.features.checkQuorum,
    },
  };
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
    random: random.fork("thinking"),
    thinkTime: workload.thinkTime,
    roaming: workload.roaming,
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

export function drawFaults(random: Random, options: RunOptions, cluster: Cluster): Schedule {
  return drawSchedule(random.fork("nemesis"), {
    servers: cluster.serverIds,
    clients: cluster.clientIds,
    duration: options.duration,
    classes: enabledClasses(options),
    steady: cluster.world.network.conditions.reliable,
  });
}
