/**
 * A siege: one cut, crash or pause of a minority that lasts for most of the run, while nothing else happens. Faults
 * that come and go hide what only time brings to light: whether the majority gets on without the rest.
 */

import { type Duration, type Instant, type NodeId, type Random, SECOND } from "../../src/base/index.ts";
import { drawTransfer } from "./companions.ts";
import type { Cut, Fault, FaultClass, Target, TimedFault } from "./fault.ts";

interface SiegeOptions {
  readonly servers: readonly NodeId[];
  readonly clients: readonly NodeId[];
  readonly classes: readonly FaultClass[];
  readonly duration: Duration;
}

/** What can last. */
const LASTING = ["partition", "partition", "partition", "crash", "pause"] as const satisfies FaultClass[];

/** Sieges, of 1000, in which the leader is told to hand over, perhaps to a server that it cannot reach. */
const TRANSFERS = 200;

/** Less time than this would tell no more than the faults that come and go. */
const SHORTEST_RUN: Duration = 4 * SECOND;

/** True if the cluster has a minority, and something may be done to it for long. */
export function canBesiege({ servers, classes, duration }: SiegeOptions): boolean {
  return servers.length >= 3 && duration >= SHORTEST_RUN && LASTING.some((kind) => classes.includes(kind));
}

/** From `at` to the end of the run. */
export function drawSiege(random: Random, at: Instant, options: SiegeOptions): readonly TimedFault[] {
  const kind = random.pick(LASTING.filter((each) => options.classes.includes(each)));
  const lasting: TimedFault = { at, until: options.duration, fault: drawLasting(random, kind, options) };
  return random.chance(TRANSFERS) ? [lasting, drawTransfer(random, at, options.servers)] : [lasting];
}

function drawLasting(random: Random, kind: (typeof LASTING)[number], options: SiegeOptions): Fault {
  if (kind === "partition") return { kind, cut: drawCut(random, options) };
  return { kind, target: drawTarget(random, options) };
}

function drawCut(random: Random, options: SiegeOptions): Cut {
  const target = drawTarget(random, options);
  // Nothing but time shows whether a leader that hears nobody steps down, and whether the others get on meanwhile.
  if (random.chance(600)) return { kind: "oneWay", target, direction: random.chance(150) ? "out" : "in" };
  if (random.chance(500)) {
    return { kind: "isolate", target, companions: options.clients.filter(() => random.chance(300)) };
  }
  const minority = Math.floor((options.servers.length - 1) / 2);
  const order = random.shuffle(options.servers);
  return { kind: "groups", groups: [order.slice(0, minority), order.slice(minority)] };
}

/** The leader, mostly: who follows it must notice that it is gone. */
function drawTarget(random: Random, { servers }: SiegeOptions): Target {
  return random.chance(800) ? { kind: "leader" } : { kind: "node", id: random.pick(servers) };
}
