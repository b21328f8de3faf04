/** Plainer faults: names for roles, times for occasions, and no longer than they must be. */

import type { NodeId } from "../../src/base/index.ts";
import type { Fault, Target, TimedFault } from "../faults/index.ts";
import { observe, type Script } from "../replay/index.ts";
import type { FaultBand } from "../run/index.ts";
import { withDecisions, withFaults } from "./edit.ts";
import type { Trials } from "./trials.ts";

/** "The leader" becomes whoever led then, and "on the heels of an answer" becomes the instant of that answer. */
export function nameVictims(trials: Trials): void {
  const isVague = ({ fault, on }: TimedFault) => on !== undefined || targetOf(fault)?.kind === "leader";
  if (!trials.best.schedule.faults.some(isVague)) return;
  const bands = [...(observe(trials.best)?.run?.report.bands ?? [])];
  const named = trials.best.schedule.faults.map((timed) => {
    const at = bands.findIndex((band) => isBandOf(band, timed));
    const [band] = at < 0 ? [] : bands.splice(at, 1);
    return band === undefined || !isVague(timed) ? timed : plainly(timed, band);
  });
  const decisions = trials.best.decisions.filter(({ kind }) => kind !== "leader");
  trials.attempt(withDecisions(withFaults(trials.best, named), decisions));
}

/** What a crash, a pause, an isolation or a deafness concerns; null for other faults. */
function targetOf(fault: Fault): Target | null {
  if (fault.kind === "crash" || fault.kind === "pause") return fault.target;
  return fault.kind === "partition" && fault.cut.kind !== "groups" ? fault.cut.target : null;
}

function isBandOf({ kind, at, until }: FaultBand, timed: TimedFault): boolean {
  return (
    kind === timed.fault.kind &&
    until <= timed.until &&
    (timed.on === undefined ? at === timed.at : at >= timed.at)
  );
}

/** A microsecond later than the answer, for what is told beforehand comes first. */
function plainly(timed: TimedFault, band: FaultBand): TimedFault {
  const { fault, until } = timed;
  const at = timed.on === undefined ? timed.at : band.at + 1;
  const [victim] = band.nodes;
  const isRole = targetOf(fault)?.kind === "leader";
  return {
    at,
    until: Math.max(at, until),
    fault: isRole && victim !== undefined ? aimedAt(fault, victim) : fault,
  };
}

function aimedAt(fault: Fault, id: NodeId): Fault {
  const target: Target = { kind: "node", id };
  if (fault.kind === "crash" || fault.kind === "pause") return { ...fault, target };
  if (fault.kind !== "partition" || fault.cut.kind === "groups") return fault;
  return { ...fault, cut: { ...fault.cut, target } };
}

/** Only this much longer than it must be. */
export function shortenFaults(trials: Trials): void {
  for (let i = 0; i < trials.best.schedule.faults.length; i++) {
    const { at, until } = trials.best.schedule.faults[i]!;
    for (const length of [1000, 10_000, 100_000]) {
      if (at + length < until && trials.attempt(withFault(trials.best, i, { until: at + length }))) break;
    }
  }
}

/** Whoever is cut off need not take others along. */
export function loosenCuts(trials: Trials): void {
  for (let i = 0; i < trials.best.schedule.faults.length; i++) {
    const { fault } = trials.best.schedule.faults[i]!;
    if (fault.kind !== "partition") continue;
    if (fault.cut.kind === "isolate" && fault.cut.companions.length > 0) {
      const cut = { ...fault.cut, companions: [] };
      trials.attempt(withFault(trials.best, i, { fault: { ...fault, cut } }));
    }
  }
}

function withFault(script: Script, index: number, change: Partial<TimedFault>): Script {
  return withFaults(
    script,
    script.schedule.faults.map((fault, i) => (i === index ? { ...fault, ...change } : fault)),
  );
}
