/** One run of one's own system, from a scenario to what it came to; whoever runs it moves its world on. */

import { check } from "porcupine-ts";
import { type Duration, type Instant, type NodeId, SECOND } from "../../src/base/index.ts";
import type { AnyMembers } from "../cluster/index.ts";
import type { Violation } from "../oracles/index.ts";
import {
  Course,
  Injector,
  type Oracles,
  outcomeOf,
  Phases,
  recordClients,
  sentenceOf,
} from "../run/index.ts";
import type { TraceEvent } from "../sim/index.ts";
import { Recorder } from "../workload/index.ts";
import { OwnCluster } from "./cluster.ts";
import { type Given, type Scenario, scenarioOf } from "./scenario.ts";
import { type OwnSystem, type Scale, scaleOf } from "./system.ts";
import { type Trial, trialText } from "./trial.ts";

export interface Watching {
  /** Gets every event of the world, as it happens. */
  readonly listener?: (event: TraceEvent) => void;
}

export class Experiment<Operation, Result, Payload, DiskRecord> {
  readonly cluster: OwnCluster<Operation, Result, Payload, DiskRecord>;
  private readonly system: OwnSystem<Operation, Result, Payload, DiskRecord>;
  private readonly given: Given<Operation>;
  private readonly scenario: Scenario<Operation>;
  private readonly scale: Scale;
  private readonly recorder = new Recorder<Operation, Result>();
  private readonly injector: Injector;

  /** Throws InputError for a scenario that does not fit the system. */
  constructor(
    system: OwnSystem<Operation, Result, Payload, DiskRecord>,
    given: Given<Operation>,
    { listener }: Watching,
  ) {
    this.system = system;
    this.given = given;
    this.scale = scaleOf(system);
    this.scenario = scenarioOf(system, given);
    this.cluster = new OwnCluster(system, this.scenario);
    this.cluster.world.trace.listener = listener ?? null;
    recordClients(this.cluster, this.recorder);
    this.injector = new Injector(this.cluster, this.scenario.schedule, this.scale.duration);
  }

  course(): Course {
    const { cluster, recorder, injector, scale } = this;
    const oracles = new Patience(cluster, recorder, scale);
    return new Course(cluster, scale.duration, { oracles, injector, phases: new Phases(cluster, recorder) });
  }

  /** The world stands still: what has it come to? `call` is the function that runs it again. */
  trial(violation: Violation | null, call: string): Trial<Operation, Result> {
    const { recorder, injector, system, scale, scenario, given } = this;
    const { world } = this.cluster;
    const checked = check(system.model, recorder.history, { budget: scale.checkBudget });
    const judged = { violation, checked, recorder };
    const outcome = outcomeOf(judged);
    const { operations, acknowledged } = recorder;
    const trial = {
      // Where nobody was told anything, nobody was told anything wrong.
      ok: outcome === "ok" || (outcome === "unknown" && checked.verdict === "ok"),
      outcome,
      sentence: sentenceOf(outcome, scale, [], judged),
      scenario,
      isDrawn: typeof given === "number",
      history: recorder.history,
      checked,
      struck: injector.struck(world.now),
      faults: injector.counts(scale.faults),
      counts: { operations, acknowledged, events: world.trace.count, virtualMicroseconds: world.now },
      digest: world.trace.digest.hex(),
    };
    return { ...trial, text: trialText(trial, call) };
  }
}

/** Events that a node may cause in a second of virtual time. */
const EVENT_BUDGET = 10_000;

/** Liveness, as far as it can be demanded of any system: it does not storm, and once healed everybody gets an end. */
class Patience implements Oracles {
  private readonly cluster: AnyMembers;
  private readonly recorder: Pick<Recorder, "outstanding" | "waiting">;
  private readonly answersWithin: Duration | null;

  constructor(
    cluster: AnyMembers,
    recorder: Pick<Recorder, "outstanding" | "waiting">,
    { answersWithin }: Scale,
  ) {
    this.cluster = cluster;
    this.recorder = recorder;
    this.answersWithin = answersWithin;
  }

  readonly wrong = (): boolean => {
    const { world } = this.cluster;
    return world.trace.count > this.budget(world.now);
  };

  readonly over = (): boolean => this.wrong() || this.isAnswered;

  private get isAnswered(): boolean {
    return this.recorder.outstanding === 0;
  }

  heal(): readonly NodeId[] {
    return [];
  }

  boundWithout(): Duration {
    return this.answersWithin ?? SECOND;
  }

  violation(): Violation | null {
    const { now: at, trace } = this.cluster.world;
    if (this.wrong()) {
      const message = `${trace.count} events by ${seconds(at)}, of at most ${this.budget(at)}`;
      return { kind: "liveness", name: "event budget", message, at, nodes: [] };
    }
    if (this.isAnswered || this.answersWithin === null) return null;
    const nodes = this.recorder.waiting;
    const message = `${nodes.join(", ")} got no answer within ${seconds(this.answersWithin)} of the healing`;
    return { kind: "liveness", name: "progress after healing", message, at, nodes };
  }

  private budget(at: Instant): number {
    const nodes = this.cluster.serverIds.length + this.cluster.clientIds.length;
    return Math.ceil(nodes * EVENT_BUDGET * (1 + at / SECOND));
  }
}

function seconds(time: Duration): string {
  return `${(time / SECOND).toFixed(3)} s`;
}
