/** Companions: faults that a drawn one brings along, because many bugs need two that meet within milliseconds. */

import { type Instant, MILLISECOND, type NodeId, type Random } from "../../src/base/index.ts";
import type { Cut, Fault, FaultClass, Target, TimedFault } from "./fault.ts";
import { isDeafClient, type Surroundings } from "./strike.ts";

interface Company extends Surroundings {
  readonly classes: readonly FaultClass[];
}

/** Crashes that leave no leader, of 1000, that are followed by a burst of short ones. */
const BURST = 800;

/** Clients, of 1000, that go deaf with one that does. */
const DEAF_TOO = 300;

/** Cuts of a minority, of 1000, at whose end the majority crashes on the heels of an answer. */
const BETRAYAL = 600;

/** Faults, of 1000, with a transfer of leadership at the same time or soon after. */
const TRANSFERS = 150;

export function drawCompanions(random: Random, strike: TimedFault, company: Company): readonly TimedFault[] {
  const { servers, clients, classes } = company;
  const { at, until, fault } = strike;
  const companions: TimedFault[] = [];
  const crashes = classes.includes("crash");
  if (crashes && isDeposing(fault) && random.chance(BURST))
    companions.push(...drawBurst(random, at, servers));
  if (isDeafClient(fault, clients)) {
    companions.push(...drawDeaf(random, strike, clients));
    if (crashes) companions.push(drawCrash(random, at));
  }
  const majority = majorityOf(fault, servers);
  if (crashes && majority !== null && random.chance(BETRAYAL)) {
    companions.push(...drawBetrayal(random, until, majority));
  }
  if (disturbsServers(classes) && random.chance(TRANSFERS))
    companions.push(drawTransfer(random, at, servers));
  return companions;
}

/**
 * Short crashes in the election that the first one brings about: servers that have just voted come back while others
 * still campaign in the same term. Nothing else finds out whether they remember.
 */
function drawBurst(random: Random, after: Instant, servers: readonly NodeId[]): readonly TimedFault[] {
  const burst: TimedFault[] = [];
  let at = after + random.between(200, 500) * MILLISECOND;
  for (let left = random.between(4, 12); left > 0; left--) {
    const target: Target = random.chance(200) ? { kind: "all" } : { kind: "node", id: random.pick(servers) };
    burst.push({ at, until: at + random.between(1, 10) * MILLISECOND, fault: { kind: "crash", target } });
    at += random.between(3, 40) * MILLISECOND;
  }
  return burst;
}

/** Others that hear nobody for as long. */
function drawDeaf(random: Random, strike: TimedFault, clients: readonly NodeId[]): readonly TimedFault[] {
  const others = clients.filter((id) => !isDeafClient(strike.fault, [id]) && random.chance(DEAF_TOO));
  return others.map((id) => {
    const cut: Cut = { kind: "oneWay", target: { kind: "node", id }, direction: "in" };
    return { ...strike, fault: { kind: "partition", cut } };
  });
}

/** While clients hear nobody, their retries meet servers that know of what was done from their disks alone. */
function drawCrash(random: Random, after: Instant): TimedFault {
  const at = after + random.between(200, 600) * MILLISECOND;
  const target: Target = { kind: random.chance(700) ? "all" : "leader" };
  return { at, until: at + random.between(1, 100) * MILLISECOND, fault: { kind: "crash", target } };
}

/**
 * The majority crashes on the heels of an answer, shortly before the cut is healed. Its leader is back at once and can
 * lead again with those who were cut off, while those whose acknowledgements it counted are still down: what was
 * promised must have been on its own disk.
 */
function drawBetrayal(random: Random, end: Instant, majority: readonly NodeId[]): readonly TimedFault[] {
  const at = end - random.between(20, 100) * MILLISECOND;
  const crash = (target: Target, until: Instant): TimedFault => ({
    ...{ at, until, on: "answer" },
    fault: { kind: "crash", target },
  });
  const back = end + random.between(300, 900) * MILLISECOND;
  // The leader's comes first, and nobody who is down is struck again.
  return [
    crash({ kind: "leader" }, end + random.between(1, 20) * MILLISECOND),
    ...majority.map((id) => crash({ kind: "node", id }, back)),
  ];
}

/** An operator hands over before the harm, to save a leader, or in the middle of it. */
export function drawTransfer(random: Random, after: Instant, servers: readonly NodeId[]): TimedFault {
  const at = after + random.between(0, 100) * MILLISECOND;
  return { at, until: at + MILLISECOND, fault: { kind: "transfer", to: random.pick(servers) } };
}

function isDeposing(fault: Fault): boolean {
  return fault.kind === "crash" && fault.target.kind !== "node";
}

/** The side of a cut that has more than half of the servers; null if it is no such cut. */
function majorityOf(fault: Fault, servers: readonly NodeId[]): readonly NodeId[] | null {
  if (fault.kind !== "partition" || fault.cut.kind !== "groups") return null;
  const sides = fault.cut.groups.map((group) => group.filter((id) => servers.includes(id)));
  const majority = sides.find((side) => 2 * side.length > servers.length);
  return majority === undefined || majority.length === servers.length ? null : majority;
}

function disturbsServers(classes: readonly FaultClass[]): boolean {
  return (["partition", "crash", "pause"] as const).some((kind) => classes.includes(kind));
}
