/** One run: a seed goes in; a history, a verdict and a report come out. The same seed gives the same run, always. */

import { check, kv } from "porcupine-ts";
import { AssertionError, type Duration, Random, SECOND } from "../../src/base/index.ts";
import type { Schedule } from "../faults/index.ts";
import { type KvHistory, Recorder } from "../workload/index.ts";
import type { Cluster } from "./cluster.ts";
import { guarded } from "./guard.ts";
import { Injector } from "./injector.ts";
import { Invariants } from "./invariants.ts";
import type { RunOptions } from "./options.ts";
import type { Report, Violation } from "./report.ts";
import { drawFaults, enabledClasses, makeCluster } from "./setup.ts";
import { summarise } from "./summary.ts";
import { Timeline } from "./timeline.ts";

/**
 * After the healing every open operation must be answered within this: the Go labs allow five seconds for an election,
 * and a clerk may have to wait out an attempt and a pause on top.
 */
export const LIVENESS_BOUND: Duration = 6 * SECOND;

export interface Run {
  readonly report: Report;
  readonly history: KvHistory;
  /** What the nemesis had planned; the report tells what really struck. */
  readonly schedule: Schedule;
}

/** `schedule` replaces the one that the seed would draw. */
export function run(seed: number, options: RunOptions, schedule: Schedule | null = null): Run {
  return guarded(() => {
    const random = new Random(seed);
    const cluster = makeCluster(random, options);
    const plan = schedule ?? drawFaults(random, options, cluster);
    const recorder = new Recorder();
    const { world, clientIds } = cluster;
    const invariants = new Invariants(cluster);
    const timeline = new Timeline(cluster);
    world.observe(timeline);
    world.observe(invariants);
    world.observe({
      noticed: (id, notice) => recorder.record(world.now, id, notice),
      stepped: (id) => {
        if (world.condition(id) === "down" && clientIds.includes(id)) recorder.crashed(world.now, id);
      },
    });
    const injector = new Injector(cluster, plan);
    const violation = simulate(cluster, options, recorder, invariants);
    const checked = check(kv, recorder.history, { budget: options.checkBudget });
    const ended = { cluster, recorder, timeline, injector, violation, checked };
    const report = summarise(seed, options, enabledClasses(options), schedule !== null, ended);
    return { report, history: recorder.history, schedule: plan };
  });
}

/** Runs the world through the faults and, healed, until every client has its answer. Returns what went wrong. */
function simulate(
  cluster: Cluster,
  options: RunOptions,
  recorder: Recorder,
  invariants: Invariants,
): Violation | null {
  const { world } = cluster;
  try {
    cluster.startAll();
    world.run(options.duration, () => invariants.broken !== null);
    if (invariants.broken !== null) return invariants.broken;
    // The schedule has healed its own faults by now; what remains is the unreliable network itself.
    world.setConditions({ ...world.network.conditions, reliable: true, duplication: 0, reordering: 0 });
    const bound = options.duration + LIVENESS_BOUND;
    world.run(bound, () => invariants.broken !== null || recorder.outstanding.length === 0);
    if (invariants.broken !== null) return invariants.broken;
    const stuck = recorder.outstanding;
    if (stuck.length === 0) return null;
    const message = `${stuck.join(", ")} got no answer within ${LIVENESS_BOUND / SECOND} s of the healing`;
    return { kind: "liveness", name: "progress after healing", message, at: world.now, nodes: stuck };
  } catch (error) {
    // The code under test found itself in a state that it holds to be impossible.
    if (!(error instanceof AssertionError)) throw error;
    return { kind: "invariant", name: "assertion", message: error.message, at: world.now, nodes: [] };
  }
}
