/**
 * One run up to its end: the world lives through it under the eyes of everybody who watches, and nobody has judged the
 * history yet. Apart from `run`, because a page that re-executes a seed knows the verdict and carries no checker.
 */

import { type Duration, type NodeId, Random } from "../../src/base/index.ts";
import { assertNodesExist, type Schedule } from "../faults/index.ts";
import { playNemesis } from "../faults/nemeses/index.ts";
import type { TraceEvent } from "../sim/index.ts";
import type { Cluster } from "./cluster.ts";
import { course, finished, type Oracles, withoutPause } from "./course.ts";
import { Director } from "./director.ts";
import { Injector } from "./injector.ts";
import type { Invariants } from "./invariants.ts";
import { Liveness } from "./liveness.ts";
import type { RunOptions } from "./options.ts";
import { Phases } from "./phases.ts";
import type { Violation } from "./report.ts";
import { drawFaults, makeCluster, namedNemesis } from "./setup.ts";
import { type Watchers, watch } from "./watch.ts";

/** A schedule that replaces the one which the seed would draw, and where it came from. */
export interface GivenSchedule {
  readonly file: string;
  readonly schedule: Schedule;
}

export interface PlayExtras {
  readonly given?: GivenSchedule | null;
  /** Gets every event of the world, as it happens. */
  readonly listener?: (event: TraceEvent) => void;
  /** Gets the cluster before it starts: whoever wants to watch it begins here, and changes nothing. */
  readonly attend?: (cluster: Cluster) => void;
  /** Whatever the invariants and the liveness oracles say, goes on to the end and asks nothing but the history. */
  readonly historyAlone?: boolean;
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
  { given = null, listener, attend, historyAlone = false }: PlayExtras = {},
): Played {
  const random = new Random(seed);
  const cluster = makeCluster(random, options);
  const planned = given?.schedule ?? drawFaults(random, options, cluster);
  if (given !== null) assertNodesExist(planned, [...cluster.serverIds, ...cluster.clientIds], given.file);
  cluster.world.trace.listener = listener ?? null;
  attend?.(cluster);
  const { recorder, invariants, timeline, marks } = watch(cluster, options);
  const liveness = new Liveness(cluster, recorder, options.duration);
  const injector = new Injector(cluster, planned, options.duration, liveness.availability);
  const director = given === null ? directorOf(random, options, cluster, injector, liveness) : null;
  const phases = new Phases(cluster, recorder);
  const oracles = new RunOracles(invariants, liveness, injector, random.fork("healing"), historyAlone);
  const attendants = { oracles, injector, phases };
  const violation = finished(course(cluster, options.duration, attendants, withoutPause(cluster.world)));
  const recorded = director?.recorded() ?? null;
  return { cluster, recorder, timeline, marks, injector, phases, violation, planned, recorded };
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

/** Invariants first: what broke one may well have cost an answer too. */
class RunOracles implements Oracles {
  private readonly invariants: Invariants;
  private readonly liveness: Liveness;
  private readonly injector: Injector;
  /** For the healing. */
  private readonly random: Random;
  private readonly historyAlone: boolean;

  constructor(
    invariants: Invariants,
    liveness: Liveness,
    injector: Injector,
    random: Random,
    historyAlone: boolean,
  ) {
    this.invariants = invariants;
    this.liveness = liveness;
    this.injector = injector;
    this.random = random;
    this.historyAlone = historyAlone;
  }

  get wrong(): boolean {
    // A storm of messages would have no end.
    if (this.historyAlone) return this.liveness.overBudget;
    return this.invariants.broken !== null || this.liveness.broken;
  }

  get answered(): boolean {
    return this.liveness.answered;
  }

  violation(): Violation | null {
    return this.historyAlone ? null : (this.invariants.broken ?? this.liveness.violation());
  }

  heal(): readonly NodeId[] {
    // A run without faults has nothing to heal from.
    const isUnhurt = this.injector.struck(Number.MAX_SAFE_INTEGER).length === 0;
    return isUnhurt ? [] : this.liveness.healCore(this.random);
  }

  boundWithout(rest: readonly NodeId[]): Duration {
    return this.liveness.boundWithout(rest);
  }
}
