/** A test that failed, as a report like that of `linlab run`: what its page shows. */

import type { CheckResult } from "porcupine-ts";
import type { Violation } from "../../oracles/index.ts";
import { defaultOptions, type Report, type RunOptions, summarise } from "../../run/index.ts";
import type { KvHistory } from "../../workload/index.ts";
import { replayCommand } from "../suite.ts";
import type { KvLab } from "./lab.ts";
import type { KvSetup } from "./setup.ts";

/** All that there is to see of one run of a test. */
export interface Inspection {
  readonly history: KvHistory;
  readonly report: Report;
}

/** Which run of which test. */
interface About {
  readonly name: string;
  readonly seed: number;
  readonly mutant: string | null;
}

export function reportOf(
  lab: KvLab,
  setup: KvSetup,
  checked: CheckResult,
  problems: readonly string[],
  { name, seed, mutant }: About,
): Report {
  const { cluster, watchers } = lab;
  const violation = watchers.invariants.broken ?? demandOf(name, lab, checked, problems);
  const injector = { counts: () => lab.faults, struck: () => lab.partitions };
  const ended = { cluster, ...watchers, injector, violation, checked, phases: [] };
  const options = optionsOf(lab, setup, checked, mutant);
  return { ...summarise(seed, options, [], null, ended), replay: replayCommand(name, seed, mutant) };
}

/** What the script found wrong with a history that is fine in itself: also what must hold always, and did not. */
function demandOf(
  name: string,
  lab: KvLab,
  { verdict }: CheckResult,
  problems: readonly string[],
): Violation | null {
  if (verdict !== "ok" || problems.length === 0) return null;
  const message = problems.join("; ");
  return { kind: "invariant", name: `what ${name} demands`, message, at: lab.now, nodes: [] };
}

/** What of a run's options has a meaning here. */
function optionsOf(
  { faults, now }: KvLab,
  { servers, clerks, unreliable = false, wild = false }: KvSetup,
  { objects }: CheckResult,
  mutant: string | null,
): RunOptions {
  return {
    ...defaultOptions,
    servers,
    clients: clerks,
    keys: objects.length,
    workload: "appends",
    duration: now,
    unreliable,
    partitions: "partition" in faults,
    crashes: "crash" in faults,
    pauses: false,
    reorder: wild,
    mutant,
  };
}
