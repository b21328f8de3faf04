/**
 * A scenario: all that decides a run, as plain data. A seed draws one; a test may also give its own schedule of faults
 * and its own workload, which is what shrinking does.
 */

import {
  type Duration,
  InputError,
  type Instant,
  MILLISECOND,
  type NodeId,
  Random,
} from "../../src/base/index.ts";
import { clientNames, type Settings, serverNames } from "../cluster/index.ts";
import {
  assertNodesExist,
  drawSchedule,
  type Fault,
  makeSchedule,
  type Schedule,
  type Target,
} from "../faults/index.ts";
import { drawConditions } from "../run/index.ts";
import { type Conditions, perfectConditions } from "../sim/index.ts";
import { type AnySystem, scaleOf } from "./system.ts";

export interface Scenario<Operation> {
  /** For all that is left to chance: delays, whom clients ask, what crashes leave on a disk. */
  readonly seed: number;
  /** The network between faults. */
  readonly conditions: Conditions;
  /** Whose disks are slow: only there will a crash often find a write under way. */
  readonly slowDisks: Settings["slowDisks"];
  readonly schedule: Schedule;
  readonly workload: Workload<Operation>;
}

/** Each client asks for its own, one after the other. */
export type Workload<Operation> = readonly PlannedOperation<Operation>[];

export interface PlannedOperation<Operation> {
  readonly client: NodeId;
  /** When it begins, or later: when its client's previous operation has ended. Then others may go and it stays. */
  readonly at: Instant;
  readonly operation: Operation;
}

/** What a run is asked for: a seed, or a scenario of which the seed, 1 if not said, draws what is missing. */
export type Given<Operation> =
  | number
  | (Partial<Omit<Scenario<Operation>, "conditions">> & {
      /** What differs from a perfect network. */
      readonly conditions?: Partial<Conditions>;
    });

/** Throws InputError for a fault or an operation of a node that the system does not have. */
export function scenarioOf<Operation, Result>(
  system: AnySystem<Operation, Result>,
  given: Given<Operation>,
): Scenario<Operation> {
  const parts = typeof given === "number" ? { seed: given } : given;
  const seed = parts.seed ?? 1;
  const random = new Random(seed);
  const conditions = {
    ...perfectConditions,
    ...(parts.conditions ?? conditionsFor(random.fork("conditions"), system)),
  };
  const slowDisks = parts.slowDisks ?? random.fork("disks").pick(["none", "none", "few", "all"] as const);
  const schedule = parts.schedule ?? scheduleFor(random, system, conditions.reliable);
  const workload = parts.workload ?? workloadFor(random.fork("workload"), system);
  const { servers, clients } = scaleOf(system);
  const clientIds = clientNames(clients);
  assertNodesExist(schedule, [...serverNames(servers), ...clientIds], "the schedule");
  for (const { client, at } of workload) {
    if (clientIds.includes(client)) continue;
    const known = clientIds.join(", ");
    throw new InputError(
      `the workload: the operation at ${at} µs is ${client}'s, but the clients are ${known}`,
    );
  }
  return { seed, conditions, slowDisks, schedule, workload };
}

/** As an argument of `run`: JSON, without what goes without saying. */
export function literalOf(scenario: Scenario<unknown>): string {
  const conditions = Object.entries(scenario.conditions).filter(
    ([name, value]) => value !== perfectConditions[name as keyof Conditions],
  );
  return JSON.stringify({ ...scenario, conditions: Object.fromEntries(conditions) });
}

function conditionsFor(random: Random, system: AnySystem<unknown, unknown>): Conditions {
  const { faults } = scaleOf(system);
  const unreliable = faults.includes("loss") && faults.includes("delay") && faults.includes("duplication");
  return drawConditions(random, { unreliable, reorder: faults.includes("reordering") });
}

function scheduleFor(random: Random, system: AnySystem<unknown, unknown>, steady: boolean): Schedule {
  const { servers, clients, duration, faults, hasLeader } = scaleOf(system);
  const serverIds = serverNames(servers);
  const schedule = drawSchedule(random.fork("nemesis"), {
    servers: serverIds,
    clients: clientNames(clients),
    duration,
    classes: faults,
    steady,
  });
  const ambushed = withAmbushes(random.fork("ambushes"), schedule, duration);
  return hasLeader ? ambushed : withoutLeader(random.fork("roles"), ambushed, serverIds);
}

/** Crashes, of 1000, on the heels of an answer: there a server has promised what may not be on its disk. */
const AMBUSHES = 500;

/** How much longer an ambush lasts than the crash would have: somebody must be answered first. */
const LYING_IN_WAIT: Duration = 100 * MILLISECOND;

function withAmbushes(random: Random, { faults }: Schedule, duration: Duration): Schedule {
  return makeSchedule(
    faults.map((timed) => {
      if (timed.fault.kind !== "crash" || !random.chance(AMBUSHES)) return timed;
      return { ...timed, until: Math.min(timed.until + LYING_IN_WAIT, duration), on: "answer" };
    }),
  );
}

/** Where nobody leads, what would have struck the leader strikes some server, and there is nothing to hand over. */
function withoutLeader(random: Random, { faults }: Schedule, servers: readonly NodeId[]): Schedule {
  const someone = (target: Target): Target =>
    target.kind === "leader" ? { kind: "node", id: random.pick(servers) } : target;
  return makeSchedule(
    faults
      .filter(({ fault }) => fault.kind !== "transfer")
      .map((timed) => ({ ...timed, fault: retargeted(timed.fault, someone) })),
  );
}

function retargeted(fault: Fault, choose: (target: Target) => Target): Fault {
  if (fault.kind === "crash" || fault.kind === "pause") return { ...fault, target: choose(fault.target) };
  if (fault.kind !== "partition" || fault.cut.kind === "groups") return fault;
  return { kind: "partition", cut: { ...fault.cut, target: choose(fault.cut.target) } };
}

/** One operation of each client after the other, at a pace that it keeps up with unless answers are slow. */
function workloadFor<Operation>(random: Random, system: AnySystem<Operation, unknown>): Workload<Operation> {
  const { clients, duration, thinkTime } = scaleOf(system);
  return clientNames(clients).flatMap((client) => {
    const own = random.fork(client);
    const planned: PlannedOperation<Operation>[] = [];
    for (let at = own.below(2 * thinkTime + 1); at < duration; ) {
      const operation = own.pick(system.operations)(`${client}.${planned.length + 1}`);
      planned.push({ client, at, operation });
      // An operation takes some time itself, so a client without think time does not plan for ever.
      at += Math.max(own.below(2 * thinkTime + 1), HASTE);
    }
    return planned;
  });
}

/** A hop there and a hop back. */
const HASTE: Duration = 200;
