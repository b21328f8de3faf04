/** The nemesis decides, from a seed and before the run begins, what goes wrong when. It applies nothing itself. */

import {
  type Duration,
  type Instant,
  MILLISECOND,
  type NodeId,
  type Random,
  unreachable,
} from "../../src/base/index.ts";
import type { Cut, Fault, FaultClass, Target, TimedFault } from "./fault.ts";
import { makeSchedule, type Schedule } from "./schedule.ts";

export interface NemesisOptions {
  readonly servers: readonly NodeId[];
  readonly clients: readonly NodeId[];
  /** All is healed by then. */
  readonly duration: Duration;
  /** What it may do. */
  readonly classes: readonly FaultClass[];
}

/** How often each class is drawn, of their sum: the ones that break Raft more often. */
const SHARE: Readonly<Record<FaultClass, number>> = {
  partition: 4,
  crash: 4,
  pause: 2,
  loss: 1,
  delay: 1,
  duplication: 1,
  reordering: 1,
};

/** The cluster has this long to elect its first leader, unless the whole run is short. */
const QUIET_START: Duration = 400 * MILLISECOND;

/** Milliseconds from one fault to the next. They overlap, but most of the time a majority can work. */
const GAP = [50, 850] as const;

/** Crashes that leave no leader, of 1000, that are followed by a burst of short ones. */
const BURST = 500;

export function drawSchedule(random: Random, options: NemesisOptions): Schedule {
  const { duration, classes } = options;
  if (classes.length === 0) return makeSchedule([]);
  const faults: TimedFault[] = [];
  // Each class once, before any of them twice: a fault class that never struck was not tested.
  let bag: FaultClass[] = random.shuffle(classes);
  let at: Instant = Math.min(QUIET_START, Math.floor(duration / 4));
  while (at < duration) {
    if (bag.length === 0) bag = random.shuffle(classes.flatMap((kind) => Array(SHARE[kind]).fill(kind)));
    const kind = bag.pop()!;
    const strike: TimedFault = {
      at,
      until: at + drawLength(random, kind),
      fault: drawFault(random, kind, options),
    };
    faults.push(strike);
    if (isDeposing(strike.fault) && random.chance(BURST)) faults.push(...drawBurst(random, strike, options));
    at += random.between(...GAP) * MILLISECOND;
  }
  const inTime = faults.filter((fault) => fault.at < duration);
  return makeSchedule(inTime.map((fault) => ({ ...fault, until: Math.min(fault.until, duration) })));
}

/**
 * Short crashes in the election that the first one brings about: servers that have just voted come back while others
 * still campaign in the same term. Nothing else finds out whether they remember.
 */
function drawBurst(random: Random, { at }: TimedFault, { servers }: NemesisOptions): readonly TimedFault[] {
  const burst: TimedFault[] = [];
  let time = at + random.between(200, 500) * MILLISECOND;
  for (let left = random.between(4, 12); left > 0; left--) {
    const target: Target = random.chance(200) ? { kind: "all" } : { kind: "node", id: random.pick(servers) };
    burst.push({
      at: time,
      until: time + random.between(1, 10) * MILLISECOND,
      fault: { kind: "crash", target },
    });
    time += random.between(3, 40) * MILLISECOND;
  }
  return burst;
}

function isDeposing(fault: Fault): boolean {
  return fault.kind === "crash" && fault.target.kind !== "node";
}

function drawLength(random: Random, kind: FaultClass): Duration {
  switch (kind) {
    case "crash":
      // Half of them come back within one election, the other half misses several.
      return MILLISECOND * (random.chance(500) ? random.between(1, 60) : random.between(100, 800));
    case "pause":
      return MILLISECOND * random.between(50, 700);
    default:
      return MILLISECOND * random.between(150, 900);
  }
}

function drawFault(random: Random, kind: FaultClass, options: NemesisOptions): Fault {
  switch (kind) {
    case "partition":
      return { kind, cut: drawCut(random, options) };
    case "crash":
      if (random.chance(150)) return { kind, target: { kind: "node", id: random.pick(options.clients) } };
      return { kind, target: drawTarget(random, options.servers, 150) };
    case "pause":
      return { kind, target: drawTarget(random, options.servers, 0) };
    case "loss":
      return { kind, permille: random.between(50, 400) };
    case "delay":
      return { kind, upTo: random.between(5, 150) * MILLISECOND };
    case "duplication":
      return { kind, permille: random.between(50, 400) };
    case "reordering":
      return { kind, permille: random.between(50, 400) };
    default:
      return unreachable(kind);
  }
}

/** One of these nodes, or the leader half of the time, or all servers in `allPermille` of 1000. */
function drawTarget(random: Random, nodes: readonly NodeId[], allPermille: number): Target {
  if (random.chance(allPermille)) return { kind: "all" };
  if (random.chance(500)) return { kind: "leader" };
  return { kind: "node", id: random.pick(nodes) };
}

function drawCut(random: Random, options: NemesisOptions): Cut {
  const { servers, clients } = options;
  const minority = Math.floor((servers.length - 1) / 2);
  // Every cut must stop something: a lone server can only be cut from clients, and of two there is no minority.
  const kind = minority === 0 ? 0 : random.below(4);
  switch (kind) {
    case 0:
      return { kind: "groups", groups: drawSides(random, options) };
    case 1: {
      const order = random.shuffle(servers);
      return { kind: "groups", groups: [order.slice(0, minority), order.slice(minority)] };
    }
    case 2:
      return {
        kind: "isolate",
        target: drawTarget(random, servers, 0),
        companions: clients.filter(() => random.chance(300)),
      };
    default:
      return {
        kind: "oneWay",
        target: drawTarget(random, servers, 0),
        direction: random.chance(500) ? "in" : "out",
      };
  }
}

/** Each node to one of two sides by a coin, clients too; some clients reach both. Neither side is empty. */
function drawSides(random: Random, { servers, clients }: NemesisOptions): readonly (readonly NodeId[])[] {
  const sides: [NodeId[], NodeId[]] = [[], []];
  for (const server of servers) sides[random.below(2)]!.push(server);
  const empty = sides.find((side) => side.length === 0);
  for (const client of clients) if (random.chance(500)) sides[random.below(2)]!.push(client);
  if (empty?.length === 0) {
    // All servers are on the other side, and no client has come to this one.
    const client = random.pick(clients);
    for (const side of sides) if (side.includes(client)) side.splice(side.indexOf(client), 1);
    empty.push(client);
  }
  return sides;
}
