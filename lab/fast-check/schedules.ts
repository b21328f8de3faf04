/** Schedules of faults as an arbitrary: they shrink to fewer, earlier and shorter faults of simpler kinds. */

import * as fc from "fast-check";
import {
  clientNames,
  type Fault,
  type FaultClass,
  MILLISECOND,
  makeSchedule,
  type NodeId,
  type Scale,
  type Schedule,
  scaleOf,
  serverNames,
} from "../own/index.ts";

/** What a schedule may do to a system: the system itself will do, for its numbers. */
export interface ScheduleOptions
  extends Partial<Pick<Scale, "servers" | "clients" | "duration" | "faults" | "hasLeader">> {
  /** Faults in one schedule; 5. */
  readonly mostFaults?: number;
}

export function schedules(options: ScheduleOptions = {}): fc.Arbitrary<Schedule> {
  const { faults: classes, duration } = scaleOf(options);
  if (classes.length === 0) return fc.constant(makeSchedule([]));
  const end = Math.floor(duration / MILLISECOND);
  const timed = fc
    .record({
      at: fc.integer({ min: 0, max: end - 1 }),
      lasts: fc.integer({ min: 1, max: LONGEST }),
      fault: simplest(classes.map((kind) => faultOf(kind, options))),
      isAmbush: fc.boolean(),
    })
    .map(({ at, lasts, fault, isAmbush }) => ({
      at: at * MILLISECOND,
      until: Math.min(at + lasts, end) * MILLISECOND,
      fault,
      ...(isAmbush ? { on: "answer" as const } : {}),
    }));
  return fc.array(timed, { maxLength: options.mostFaults ?? 5, size: "max" }).map(makeSchedule);
}

/** Milliseconds that one fault lasts. */
const LONGEST = 1000;

/** Faults of one class, simplest first. */
function faultOf(kind: FaultClass, options: ScheduleOptions): fc.Arbitrary<Fault> {
  const { servers, clients, hasLeader } = scaleOf(options);
  const [serverIds, clientIds] = [serverNames(servers), clientNames(clients)];
  const permille = fc.integer({ min: 1, max: 500 });
  const nodes = (ids: readonly NodeId[]) =>
    fc.constantFrom(...ids).map((id): Target => ({ kind: "node", id }));
  const role = (kind: "leader" | "all") => fc.constant<Target>({ kind });
  const leader = hasLeader ? [role("leader")] : [];
  switch (kind) {
    case "partition":
      return cutOf(serverIds, clientIds, simplest([nodes(serverIds), ...leader])).map((cut) => ({
        kind,
        cut,
      }));
    case "crash":
    case "pause":
      return simplest([nodes([...serverIds, ...clientIds]), ...leader, role("all")]).map((target) => ({
        kind,
        target,
      }));
    case "delay":
      return fc.integer({ min: 1, max: 150 }).map((most) => ({ kind, upTo: most * MILLISECOND }));
    case "loss":
    case "duplication":
    case "reordering":
      return permille.map((each) => ({ kind, permille: each }));
  }
}

type Cut = Extract<Fault, { kind: "partition" }>["cut"];
type Target = Extract<Fault, { kind: "crash" }>["target"];

function cutOf(
  servers: readonly NodeId[],
  clients: readonly NodeId[],
  target: fc.Arbitrary<Target>,
): fc.Arbitrary<Cut> {
  const isolate = fc.record({
    kind: fc.constant("isolate" as const),
    target,
    companions: fc.subarray([...clients]),
  });
  const oneWay = fc.record({
    kind: fc.constant("oneWay" as const),
    target,
    direction: fc.constantFrom("in" as const, "out" as const),
  });
  // Each node on one of two sides; whoever is on neither reaches both.
  const sides = fc.array(fc.constantFrom(0, 1, 2), {
    minLength: servers.length + clients.length,
    maxLength: servers.length + clients.length,
  });
  const groups = sides.map((side) => ({
    kind: "groups" as const,
    groups: [1, 2].map((which) => [...servers, ...clients].filter((_, i) => side[i] === which)),
  }));
  return simplest<Cut>([isolate, oneWay, groups]);
}

/** Shrinks to the first one that fails, as well as within each. */
function simplest<T>(arbitraries: readonly fc.Arbitrary<T>[]): fc.Arbitrary<T> {
  return fc.oneof({ withCrossShrink: true }, ...arbitraries);
}
