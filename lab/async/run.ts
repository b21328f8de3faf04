/** Runs systems of async classes on virtual time: one scenario, or many seeds. */

import type { Violation } from "../oracles/index.ts";
import {
  type AnySystem,
  Experiment,
  type Given,
  type OwnSystem,
  type Sweep,
  Sweeping,
  type SweepOptions,
  type Trial,
  type Watching,
} from "../own/index.ts";
import { type Course, guard, type Leg } from "../run/index.ts";
import { type AsyncClientClass, AsyncProtocol } from "./client.ts";
import type { Put } from "./context.ts";
import { Pulse } from "./pulse.ts";
import { AsyncServerActor, type AsyncServerClass } from "./server.ts";
import { type Turn, task, tick } from "./turn.ts";

/** As an `OwnSystem`, with classes in place of actors. */
export interface AsyncSystem<Operation, Result> extends AnySystem<Operation, Result> {
  readonly server: AsyncServerClass;
  /** If not said, clients send each operation to one server, whose reply is the result: see `Direct`. */
  readonly client?: AsyncClientClass<Operation, Result>;
}

export interface AsyncOptions extends Watching {
  /** How to wait until async code has come to rest; by Node's ticks, if not said, or a task of its own elsewhere. */
  readonly turn?: Turn;
}

/**
 * One run, from a seed or from a scenario; the same one gives the same run, always. Runs wait for one another. In Node,
 * host time and host entropy throw meanwhile, and no timer and no I/O of the process gets its turn before the end.
 * Rejects with InputError if the scenario does not fit the system.
 */
export async function runAsync<Operation, Result>(
  system: AsyncSystem<Operation, Result>,
  given: Given<Operation>,
  options: AsyncOptions = {},
): Promise<Trial<Operation, Result>> {
  const mine = latest.then(() => simulate(system, given, options));
  latest = mine.catch(() => {});
  return await mine;
}

/** The runs before this one: two at once would see each other's guard. */
let latest: Promise<unknown> = Promise.resolve();

/** Runs seed after seed until one fails. */
export async function sweepAsync<Operation, Result>(
  system: AsyncSystem<Operation, Result>,
  options: SweepOptions = {},
): Promise<Sweep<Operation, Result>> {
  const sweeping = new Sweeping<Operation, Result>(options);
  for (const { seed, watching } of sweeping.runs()) {
    sweeping.add(await runAsync(system, seed, watching));
    // So that a test that takes too long can be told so.
    await task();
  }
  return sweeping.result();
}

async function simulate<Operation, Result>(
  system: AsyncSystem<Operation, Result>,
  given: Given<Operation>,
  { turn = tick ?? task, listener }: AsyncOptions,
): Promise<Trial<Operation, Result>> {
  // Where others get their turn meanwhile, a guard would hit them too.
  const lift = turn === tick ? guard() : () => {};
  try {
    const pulse = new Pulse();
    const watching = listener === undefined ? {} : { listener };
    const experiment = new Experiment(actorsOf(system, pulse), given, watching);
    const violation = await followAsync(experiment.course(), (leg) =>
      pulse.run(experiment.cluster.world, leg, turn),
    );
    return experiment.trial(violation, "await runAsync");
  } finally {
    lift();
  }
}

/** As `follow`, but there is something to wait for. */
async function followAsync(course: Course, go: (leg: Leg) => Promise<void>): Promise<Violation | null> {
  try {
    await go(course.faults());
    const healing = course.healing();
    if (healing !== null) await go(healing);
    return course.end();
  } catch (error) {
    return course.broken(error);
  }
}

function actorsOf<Operation, Result>(
  { server: Server, client: Client, ...system }: AsyncSystem<Operation, Result>,
  pulse: Pulse,
): OwnSystem<Operation, Result, unknown, Put> {
  const actors = {
    ...system,
    server: (boot) => new AsyncServerActor(Server, boot, pulse),
  } satisfies OwnSystem<Operation, Result, unknown, Put>;
  return Client === undefined
    ? actors
    : { ...actors, client: (boot) => new AsyncProtocol(Client, boot, pulse) };
}
