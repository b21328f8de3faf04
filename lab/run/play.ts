/**
 * One run up to its end: the world lives through it under the eyes of everybody who watches, and nobody has judged the
 * history yet. Apart from `run`, because a page that re-executes a seed knows the verdict and carries no checker.
 */

import { Random } from "../../src/base/index.ts";
import type { Cluster, Decider, System } from "../cluster/index.ts";
import { assertNodesExist, type Schedule } from "../faults/index.ts";
import { playNemesis } from "../faults/nemeses/index.ts";
import { type Invariants, Liveness, type Violation } from "../oracles/index.ts";
import type { TraceEvent } from "../sim/index.ts";
import { Course, follow, type Oracles } from "./course.ts";
import { Director } from "./director.ts";
import { Injector } from "./injector.ts";
import type { RunOptions } from "./options.ts";
import { Phases } from "./phases.ts";
import type { Attendance } from "./reasons/attendance.ts";
import { drawFaults, makeCluster, namedNemesis } from "./setup.ts";
import { type Watchers, watch } from "./watch.ts";

/** A schedule that replaces the one which the seed would draw, and where it came from. */
export interface GivenSchedule {
  readonly file: string;
  readonly schedule: Schedule;
}

export interface PlayExtras {
  readonly given?: GivenSchedule | null;
  /** Decides in the place of the seed. */
  readonly decider?: Decider | null;
  /** Gets every event of the world, as it happens. */
  readonly listener?: (event: TraceEvent) => void;
  /** Gets the cluster before it starts: whoever wants to watch it begins here, and changes nothing. */
  readonly attend?: (cluster: Cluster) => void;
  /** Whatever the invariants and the liveness oracles say, goes on to the end and asks nothing but the history. */
  readonly historyAlone?: boolean;
  /** Watches from close by. Whoever does must change nothing: the digest tells. */
  readonly attendance?: Attendance | undefined;
}

/** A run whose world stands still. */
export interface Played extends Pick<Watchers, "recorder" | "timeline" | "marks"> {
  readonly cluster: Cluster;
  readonly injector: Injector;
  readonly phases: Phases;
  readonly violation: Violation | null;
  /** What the nemesis had planned, or what was given. */
  readonly planned: Schedule;
  /** What a named nemesis did; null if there was none. */
  readonly recorded: Schedule | null;
}

/** The same seed gives the same run, always. Throws InputError if a given schedule names a node that is not there. */
export function play(
  seed: number,
  options: RunOptions,
  { given = null, decider = null, listener, attend, historyAlone = false, attendance }: PlayExtras = {},
): Played {
  const random = new Random(seed);
  const dress = (system: System) => attendance?.dress(system) ?? system;
  const cluster = makeCluster(random, options, { decider, dress });
  const planned = given?.schedule ?? drawFaults(random, options, cluster);
  if (given !== null) assertNodesExist(planned, [...cluster.serverIds, ...cluster.clientIds], given.file);
  cluster.world.trace.listener = listener ?? null;
  attend?.(cluster);
  const { recorder, invariants, timeline, marks } = watch(cluster, options);
  if (attendance !== undefined) admit(cluster, attendance);
  const liveness = new Liveness(cluster, recorder, options.duration);
  const injector = new Injector(cluster, planned, options.duration, liveness.availability);
  const director = given === null ? directorOf(random, options, cluster, injector, liveness) : null;
  const phases = new Phases(cluster, recorder);
  const oracles = oraclesOf(invariants, liveness, injector, random.fork("healing"));
  const judges = historyAlone ? deaf(oracles, liveness) : oracles;
  const course = new Course(cluster, options.duration, { oracles: judges, injector, phases });
  const violation = follow(course, cluster.world);
  const recorded = director?.recorded() ?? null;
  return { cluster, recorder, timeline, marks, injector, phases, violation, planned, recorded };
}

/** What is planned under this seed. */
export function scheduleOf(seed: number, options: RunOptions): Schedule {
  const random = new Random(seed);
  return drawFaults(random, options, makeCluster(random, options));
}

/** Has a named nemesis play; null if there is none. A given schedule takes its place, as it does a drawn one's. */
function directorOf(
  random: Random,
  options: RunOptions,
  cluster: Cluster,
  injector: Injector,
  { availability }: Liveness,
): Director | null {
  const nemesis = namedNemesis(options);
  if (nemesis === null) return null;
  const director = new Director(cluster, injector, options.duration, availability);
  director.play(playNemesis(nemesis, director.stage(random.fork("nemesis"))));
  return director;
}

function admit(cluster: Cluster, attendance: Attendance): void {
  attendance.attend(cluster);
  const { trace } = cluster.world;
  const { listener } = trace;
  trace.listener = (event) => {
    listener?.(event);
    attendance.hear(event);
  };
}

/** Invariants first: what broke one may well have cost an answer too. `random` is for the healing. */
function oraclesOf(invariants: Invariants, liveness: Liveness, injector: Injector, random: Random): Oracles {
  const wrong = () => invariants.broken !== null || liveness.broken;
  return {
    wrong,
    over: () => wrong() || liveness.answered,
    violation: () => invariants.broken ?? liveness.violation(),
    heal() {
      // A run without faults has nothing to heal from.
      const isUnhurt = injector.struck(Number.MAX_SAFE_INTEGER).length === 0;
      return isUnhurt ? [] : liveness.healCore(random);
    },
    boundWithout: (rest) => liveness.boundWithout(rest),
  };
}

/** The same course, but whatever they say it goes on. A storm of messages would have no end. */
function deaf(oracles: Oracles, liveness: Liveness): Oracles {
  const wrong = () => liveness.overBudget;
  return { ...oracles, wrong, over: () => wrong() || liveness.answered, violation: () => null };
}
