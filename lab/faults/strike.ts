/** One fault of a given class, drawn: whom it strikes, how hard and for how long. */

import { type Duration, MILLISECOND, type NodeId, type Random, unreachable } from "../../src/base/index.ts";
import type { ClockChange } from "../sim/index.ts";
import type { Cut, Fault, FaultClass, Target } from "./fault.ts";

/** Whom there is to strike. */
export interface Surroundings {
  readonly servers: readonly NodeId[];
  readonly clients: readonly NodeId[];
}

/** One-way cuts, of 1000, that a client suffers and not a server. */
const DEAF_CLIENTS = 400;

/** How long it lasts. */
export function drawLength(random: Random, fault: Fault, { clients }: Surroundings): Duration {
  switch (fault.kind) {
    case "fsync":
      // Somebody must write first.
      return MILLISECOND * random.between(200, 800);
    case "crash":
    case "rot":
      // Half of them come back within one election, the other half misses several.
      return MILLISECOND * (random.chance(500) ? random.between(1, 60) : random.between(100, 800));
    case "pause":
      return MILLISECOND * random.between(50, 700);
    case "partition":
      // Meanwhile the others go on, until what this client asked for is in a snapshot.
      if (isDeafClient(fault, clients)) return MILLISECOND * random.between(500, 1500);
      // A deposed leader shows only when there has been time to elect another.
      return MILLISECOND * (random.chance(250) ? random.between(900, 1800) : random.between(150, 900));
    default:
      return MILLISECOND * random.between(150, 900);
  }
}

/** True for a cut that one of these clients suffers: it hears nobody. */
export function isDeafClient(fault: Fault, clients: readonly NodeId[]): boolean {
  if (fault.kind !== "partition" || fault.cut.kind !== "oneWay") return false;
  const { target } = fault.cut;
  return target.kind === "node" && clients.includes(target.id);
}

export function drawFault(random: Random, kind: FaultClass, options: Surroundings): Fault {
  switch (kind) {
    case "partition":
      return { kind, cut: drawCut(random, options) };
    case "crash":
      if (random.chance(150)) return { kind, target: { kind: "node", id: random.pick(options.clients) } };
      return { kind, target: drawTarget(random, options.servers, 150) };
    case "pause":
      return { kind, target: drawTarget(random, options.servers, 0) };
    case "clock":
      return { kind, target: drawTarget(random, options.servers, 0), change: drawChange(random) };
    case "fsync":
      return { kind, target: drawTarget(random, options.servers, 0) };
    case "rot": {
      // The last one is what could be taken for a write that a crash has cut.
      const fromEnd = random.chance(500) ? 0 : random.below(20);
      return { kind, target: drawTarget(random, options.servers, 0), fromEnd };
    }
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

/** A jump that spans an election or two, a rate between half and twice the right one, or a standstill. */
function drawChange(random: Random): ClockChange {
  switch (random.below(4)) {
    case 0:
      return { kind: "step", by: random.between(50, 600) * MILLISECOND };
    case 1:
      return { kind: "step", by: -random.between(50, 600) * MILLISECOND };
    case 2:
      return { kind: "rate", ppm: random.between(-500, 1000) * 1000 };
    default:
      return { kind: "rate", ppm: -1_000_000 };
  }
}

/** One of these nodes, or the leader half of the time, or all servers in `allPermille` of 1000. */
function drawTarget(random: Random, nodes: readonly NodeId[], allPermille: number): Target {
  if (random.chance(allPermille)) return { kind: "all" };
  if (random.chance(500)) return { kind: "leader" };
  return drawNode(random, nodes);
}

function drawNode(random: Random, nodes: readonly NodeId[]): Target {
  return { kind: "node", id: random.pick(nodes) };
}

function drawCut(random: Random, options: Surroundings): Cut {
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
    default: {
      // A client that hears nobody goes on asking: what it asked for is done, and nobody can tell it.
      if (random.chance(DEAF_CLIENTS))
        return { kind: "oneWay", target: drawNode(random, clients), direction: "in" };
      const direction = random.chance(500) ? "in" : "out";
      return { kind: "oneWay", target: drawTarget(random, servers, 0), direction };
    }
  }
}

/** Each node to one of two sides by a coin, clients too; some clients reach both. Neither side is empty. */
function drawSides(random: Random, { servers, clients }: Surroundings): readonly (readonly NodeId[])[] {
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
