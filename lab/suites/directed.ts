/**
 * Directed scripts: a test says, message by message, what happens to the whole system, servers and clerks, while all
 * invariants watch. When the script is over, everything is healed, whoever waits must be answered, and the history is
 * checked.
 */

import { type CheckResult, check, kv } from "porcupine-ts";
import { AssertionError, type NodeId, Random } from "../../src/base/index.ts";
import { defaultClerkTiming, type Operation } from "../../src/kv/index.ts";
import { Cluster, type ClusterOptions } from "../cluster/index.ts";
import { makeSchedule, type Schedule } from "../faults/index.ts";
import { Missed, meant, type Script, Stage } from "../faults/nemeses/index.ts";
import { LIVENESS_BOUND, type Violation } from "../oracles/index.ts";
import { Director, guarded, Injector, watch } from "../run/index.ts";
import { perfectConditions } from "../sim/index.ts";
import type { Recorder } from "../workload/index.ts";
import { Call } from "./kv/call.ts";
import { Caller } from "./kv/caller.ts";

export interface Direction {
  readonly servers: number;
  /** Clerks c1, c2 and so on, which ask for what the script says. */
  readonly clerks: number;
  readonly settings?: ClusterOptions["settings"];
  /** As it is meant to be, if not said. */
  readonly system?: ClusterOptions["system"];
  readonly script: (stage: DirectedStage) => Script;
}

/** How it ended. */
export interface Directed {
  /** Null if every invariant held and every call was answered in the end. */
  readonly violation: Violation | null;
  readonly checked: CheckResult;
  /** What the script waited for in vain; null if it came to its end. */
  readonly missed: string | null;
  /** What the script did, as data. */
  readonly schedule: Schedule;
  readonly digest: string;
}

/** The words of a nemesis, and what only a test may say: who is elected, and what clerks ask for. */
export class DirectedStage extends Stage {
  private readonly cluster: Cluster;
  private readonly calls: Map<NodeId, Call>;

  constructor(director: Director, random: Random, cluster: Cluster, calls: Map<NodeId, Call>) {
    super(director, random);
    this.cluster = cluster;
    this.calls = calls;
  }

  /** Nobody else's campaign is heard of until this server leads. */
  *elect(id: NodeId): Script {
    const others = this.lose(meant("requestVote", { from: this.others(id) }));
    yield* this.led([id]);
    others.end();
  }

  /** Until all servers that are up have the same log, and know that it is committed. */
  *settled(): Script {
    const isSettled = () => {
      const rafts = this.servers.flatMap((id) => this.raft(id) ?? []);
      const last = Math.max(...rafts.map(({ log }) => log.lastIndex));
      return rafts.every(({ commitIndex }) => commitIndex === last);
    };
    yield* this.until("all have committed the same log", isSettled);
  }

  /** The clerk asks for this, and the script goes on. */
  *begin(clerk: NodeId, operation: Operation): Script<Call> {
    const call = new Call(clerk, Object.freeze(operation));
    const command = { kind: "invoke", operation: call.operation, roam: false } as const;
    const deed = () => {
      this.calls.set(clerk, call);
      this.cluster.world.inject(clerk, command);
    };
    yield { kind: "deed", deed };
    return call;
  }

  /** The clerk asks for this, and the script waits for the answer. */
  *ask(clerk: NodeId, operation: Operation): Script<Call> {
    const call = yield* this.begin(clerk, operation);
    yield* this.until(`${call} is answered`, () => call.done);
    return call;
  }
}

/** Plays a script. The same seed plays the same: it decides how long elections take and messages travel. */
export function direct(direction: Direction, seed: number): Directed {
  return guarded(() => {
    const random = new Random(seed).fork("directed");
    const cluster = clusterOf(direction, random);
    const { recorder, invariants } = watch(cluster);
    const injector = new Injector(cluster, makeSchedule([]));
    const director = new Director(cluster, injector, Number.POSITIVE_INFINITY, { disturbed: () => {} });
    const calls = new Map<NodeId, Call>();
    cluster.world.observe({
      noticed: (id, notice) => {
        if (notice.kind === "response") calls.get(id)?.end(notice.result);
      },
    });
    let missed: string | null = null;
    const stage = new DirectedStage(director, random.fork("script"), cluster, calls);
    director.play(
      (function* (): Script {
        try {
          yield* direction.script(stage);
        } catch (error) {
          if (!(error instanceof Missed)) throw error;
          missed = error.message;
        }
        yield* stage.calm();
      })(),
    );
    const { world } = cluster;
    const broken = () => invariants.broken !== null;
    const assertion = assertionIn(world, () => {
      cluster.startAll();
      while (!director.done && !broken() && world.step(Number.POSITIVE_INFINITY));
      world.run(world.now + LIVENESS_BOUND, () => broken() || recorder.outstanding === 0);
    });
    return {
      violation: invariants.broken ?? assertion ?? unanswered(recorder, world.now),
      checked: check(kv, recorder.history),
      missed,
      schedule: director.recorded(),
      digest: world.trace.digest.hex(),
    };
  });
}

function clusterOf({ servers, clerks, settings = {}, system }: Direction, random: Random): Cluster {
  return new Cluster({
    random,
    servers,
    clients: clerks,
    conditions: { ...perfectConditions, detectsLoss: false },
    encode: false,
    settings,
    ...(system === undefined ? {} : { system }),
    client: ({ id, incarnation, servers, Clerk }) =>
      new Caller(
        { ...defaultClerkTiming, client: id, incarnation, servers, random: random.fork(id, incarnation) },
        Clerk,
      ),
  });
}

/** What the code under test found impossible while this was done; null if nothing. */
function assertionIn(world: { readonly now: number }, played: () => void): Violation | null {
  try {
    played();
    return null;
  } catch (error) {
    if (!(error instanceof AssertionError)) throw error;
    return { kind: "invariant", name: "assertion", message: error.message, at: world.now, nodes: [] };
  }
}

function unanswered({ waiting }: Recorder, at: number): Violation | null {
  if (waiting.length === 0) return null;
  const message = `${waiting.join(", ")} got no answer after the script`;
  return { kind: "liveness", name: "progress after healing", message, at, nodes: waiting };
}
