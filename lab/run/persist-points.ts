/**
 * A crash at every persist point of a run, enumerated. Random crashes hit the few microseconds between two writes by
 * chance; here the run is played once to learn when which server's disk has finished what, and then once for each way
 * in which a crash at that instant may leave the disk: with none of the writes that the fsync covers, with the first,
 * with the first two ... with all of them, but before anybody is told; and when everybody has been told.
 */

import type { Duration, Instant, NodeId } from "../../src/base/index.ts";
import { makeSchedule, type Schedule, type TimedFault } from "../faults/index.ts";
import type { RunOptions } from "./options.ts";
import type { Report } from "./report.ts";
import { type Run, run } from "./run.ts";

export interface PersistPoint {
  readonly server: NodeId;
  /** When the fsync ends. */
  readonly at: Instant;
  /** Which of the server's fsyncs it is, from 1. */
  readonly fsync: number;
  /** How many writes it covers. */
  readonly writes: number;
  /** How many of them the disk keeps; null: all, and the messages that waited for them are sent. */
  readonly kept: number | null;
}

export interface Crashed {
  readonly point: PersistPoint;
  readonly report: Report;
}

/** Every persist point of the servers in this run, in order, up to the end of its faults. */
export function persistPoints(seed: number, options: RunOptions, base: Schedule): readonly PersistPoint[] {
  const points: PersistPoint[] = [];
  const fsyncs = new Map<NodeId, number>();
  const listener: NonNullable<Parameters<typeof run>[2]>["listener"] = (event) => {
    const { kind, from: server, time: at, payload } = event;
    if (kind !== "durable" || at >= options.duration) return;
    const fsync = (fsyncs.get(server) ?? 0) + 1;
    fsyncs.set(server, fsync);
    const writes = payload as number;
    for (let kept = 0; kept <= writes; kept++) points.push({ server, at, fsync, writes, kept });
    points.push({ server, at, fsync, writes, kept: null });
  };
  run(seed, options, { given: { file: BASE, schedule: base }, listener });
  return points;
}

const BASE = "the scenario";

/**
 * Runs the scenario again for each of its persist points, with one crash more, for so long. Each run is judged like
 * every other: by invariants, the history and liveness.
 */
export function* crashAtEveryPersist(
  seed: number,
  options: RunOptions,
  base: Schedule,
  downFor: Duration,
): Generator<Crashed, void> {
  for (const point of persistPoints(seed, options, base)) {
    yield { point, report: crashAt(point, seed, options, base, downFor).report };
  }
}

function crashAt(
  { server: id, at: end, kept }: PersistPoint,
  seed: number,
  options: RunOptions,
  base: Schedule,
  downFor: Duration,
): Run {
  // The fault strikes before everything else of its instant, so before the fsync ends; a microsecond later it has.
  const at = kept === null ? end + 1 : end;
  const crash = { kind: "crash", target: { kind: "node", id }, kept: kept ?? 0 } as const;
  const struck: TimedFault = { at, until: at + downFor, fault: crash };
  const schedule = makeSchedule([...base.faults, struck], base.messages ?? []);
  return run(seed, options, { given: { file: BASE, schedule } });
}
