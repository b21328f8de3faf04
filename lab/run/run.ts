/** One run: a seed goes in; a history, a verdict and a report come out. The same seed gives the same run, always. */

import { check, kv } from "porcupine-ts";
import { AssertionError, Random } from "../../src/base/index.ts";
import { assertNodesExist, type Schedule } from "../faults/index.ts";
import type { TraceEvent } from "../sim/index.ts";
import type { KvHistory } from "../workload/index.ts";
import type { Cluster } from "./cluster.ts";
import type { Decider } from "./decider.ts";
import { guarded } from "./guard.ts";
import { Injector } from "./injector.ts";
import type { Invariants } from "./invariants.ts";
import { Liveness } from "./liveness.ts";
import { type Line, Narrator } from "./narrator.ts";
import type { RunOptions } from "./options.ts";
import { Phases } from "./phases.ts";
import type { Report, Violation } from "./report.ts";
import { classesOf, drawFaults, enabledClasses, makeCluster } from "./setup.ts";
import { summarise } from "./summary.ts";
import { watch } from "./watch.ts";

export interface Run {
  readonly report: Report;
  readonly history: KvHistory;
  /** What the nemesis had planned; the report tells what really struck. */
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
}

/** Throws InputError if a given schedule names a node that the cluster does not have. */
export function run(
  seed: number,
  options: RunOptions,
  { given = null, decider = null, replay = null, listener, narrate }: RunExtras = {},
): Run {
  return guarded(() => {
    const random = new Random(seed);
    const cluster = makeCluster(random, options, null, decider);
    const schedule = given?.schedule ?? drawFaults(random, options, cluster);
    if (given !== null) assertNodesExist(schedule, [...cluster.serverIds, ...cluster.clientIds], given.file);
    cluster.world.trace.listener = listener ?? null;
    if (narrate !== undefined) narrateTo(cluster, narrate);
    const { recorder, invariants, timeline, marks } = watch(cluster);
    const liveness = new Liveness(cluster, recorder, options.duration);
    const injector = new Injector(cluster, schedule, options.duration, () => liveness.availability.changed());
    const phases = new Phases(cluster, recorder);
    const violation = simulate(cluster, options, {
      invariants,
      liveness,
      injector,
      phases,
      random: random.fork("healing"),
    });
    const checked = check(kv, recorder.history, { budget: options.checkBudget });
    phases.end("check", checked.verdict === "ok");
    const ended = { cluster, recorder, timeline, marks, injector, violation, checked, phases: phases.ended };
    const classes = given === null ? enabledClasses(options) : classesOf(schedule, options);
    const summary = summarise(seed, options, classes, given?.file ?? null, ended);
    const report = replay === null ? summary : { ...summary, replay };
    return { report, history: recorder.history, schedule };
  });
}

/** What the nemesis plans under this seed. */
export function scheduleOf(seed: number, options: RunOptions): Schedule {
  const random = new Random(seed);
  return drawFaults(random, options, makeCluster(random, options));
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

interface Attendants {
  readonly invariants: Invariants;
  readonly liveness: Liveness;
  readonly injector: Injector;
  readonly phases: Phases;
  /** For the healing. */
  readonly random: Random;
}

/** Runs the world through the faults and, healed, until every client has its answer. Returns what went wrong. */
function simulate(cluster: Cluster, options: RunOptions, attendants: Attendants): Violation | null {
  const { invariants, liveness, injector, phases, random } = attendants;
  const { world } = cluster;
  const wrong = () => invariants.broken !== null || liveness.broken;
  try {
    cluster.startAll();
    world.run(options.duration, wrong);
    phases.end("faults", !wrong());
    if (wrong()) return invariants.broken ?? liveness.violation();
    // A run without faults has nothing to heal from.
    const rest = injector.struck(world.now).length === 0 ? [] : liveness.healCore(random);
    injector.calmDown(rest);
    world.run(options.duration + liveness.boundWithout(rest), () => wrong() || liveness.answered);
    const violation = invariants.broken ?? liveness.violation();
    phases.end("healing", violation === null);
    return violation;
  } catch (error) {
    // The code under test found itself in a state that it holds to be impossible.
    if (!(error instanceof AssertionError)) throw error;
    phases.end(phases.ended.length === 0 ? "faults" : "healing", false);
    return { kind: "invariant", name: "assertion", message: error.message, at: world.now, nodes: [] };
  }
}
