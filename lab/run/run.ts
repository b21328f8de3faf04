/** One run: a seed goes in; a history, a verdict and a report come out. The same seed gives the same run, always. */

import { check, kv } from "porcupine-ts";
import { Random } from "../../src/base/index.ts";
import { assertNodesExist, type Schedule } from "../faults/index.ts";
import { playNemesis } from "../faults/nemeses/index.ts";
import type { TraceEvent } from "../sim/index.ts";
import type { KvHistory } from "../workload/index.ts";
import type { Cluster } from "./cluster.ts";
import { Course, follow, type Oracles } from "./course.ts";
import type { Decider } from "./decider.ts";
import { Director } from "./director.ts";
import { guarded } from "./guard.ts";
import { Injector } from "./injector.ts";
import type { Invariants } from "./invariants.ts";
import { Liveness } from "./liveness.ts";
import { type Line, Narrator } from "./narrator.ts";
import type { RunOptions } from "./options.ts";
import { Phases } from "./phases.ts";
import type { Attendance } from "./reasons/attendance.ts";
import type { Report } from "./report.ts";
import { classesOf, drawFaults, enabledClasses, makeCluster, namedNemesis } from "./setup.ts";
import { summarise } from "./summary.ts";
import type { System } from "./system.ts";
import { watch } from "./watch.ts";

export interface Run {
  readonly report: Report;
  readonly history: KvHistory;
  /** What the nemesis had planned, and the report tells what really struck; of a named one, what it did. */
  readonly schedule: Schedule;
}

/** A schedule that replaces the one which the seed would draw, and where it came from. */
export interface GivenSchedule {
  readonly file: string;
  readonly schedule: Schedule;
}

export interface RunExtras {
  readonly given?: GivenSchedule | null;
  /** Decides in the place of the seed. */
  readonly decider?: Decider | null;
  /** The command that runs this again; `linlab run` with the same seed and options, if not said. */
  readonly replay?: string | null;
  /** Gets every event of the world, as it happens. */
  readonly listener?: (event: TraceEvent) => void;
  /** Gets the run as a story, line by line. */
  readonly narrate?: (line: Line) => void;
  /** Whatever the invariants and the liveness oracles say, goes on to the end and asks nothing but the history. */
  readonly historyAlone?: boolean;
  /** Watches from close by. Whoever does must change nothing: the digest tells. */
  readonly attendance?: Attendance;
}

/** Throws InputError if a given schedule names a node that the cluster does not have. */
export function run(
  seed: number,
  options: RunOptions,
  {
    given = null,
    decider = null,
    replay = null,
    listener,
    narrate,
    historyAlone = false,
    attendance,
  }: RunExtras = {},
): Run {
  return guarded(() => {
    const random = new Random(seed);
    const dress = (system: System) => attendance?.dress(system) ?? system;
    const cluster = makeCluster(random, options, { decider, dress });
    const planned = given?.schedule ?? drawFaults(random, options, cluster);
    if (given !== null) assertNodesExist(planned, [...cluster.serverIds, ...cluster.clientIds], given.file);
    cluster.world.trace.listener = listener ?? null;
    if (narrate !== undefined) narrateTo(cluster, narrate);
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
    const checked = check(kv, recorder.history, { budget: options.checkBudget });
    phases.end("check", checked.verdict === "ok");
    const ended = { cluster, recorder, timeline, marks, injector, violation, checked, phases: phases.ended };
    const classes = given === null ? enabledClasses(options) : classesOf(planned, options);
    const summary = summarise(seed, options, classes, given?.file ?? null, ended);
    const report = replay === null ? summary : { ...summary, replay };
    return { report, history: recorder.history, schedule: director?.recorded() ?? planned };
  });
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

function narrateTo(cluster: Cluster, narrate: (line: Line) => void): void {
  const { world } = cluster;
  const narrator = new Narrator(cluster, narrate);
  const { listener } = world.trace;
  world.observe(narrator);
  world.trace.listener = (event) => {
    listener?.(event);
    narrator.hear(event);
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
