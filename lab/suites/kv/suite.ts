/** Makes a suite of a script: a fresh cluster, the script, the check of the history, and the figures at the end. */

import { type CheckResult, check, kv } from "porcupine-ts";
import { Random, SECOND } from "../../../src/base/index.ts";
import { defaultSettings, intendedSystem, type System } from "../../cluster/index.ts";
import { guarded } from "../../run/index.ts";
import { findMutant } from "../../run/mutants/index.ts";
import { perfectConditions } from "../../sim/index.ts";
import { lateness, problemsOf, type Suite, type SuiteResult } from "../suite.ts";
import { type Inspection, reportOf } from "./inspection.ts";
import { KvLab } from "./lab.ts";
import { drawConditions, type KvSetup } from "./setup.ts";

export interface KvSuite extends Suite {
  readonly setup: KvSetup;
  readonly script: (lab: KvLab) => void;
  /** `system` may be a mutant, which the suite should notice; what it leaves open is as it is meant to be. */
  run(seed: number, system?: Partial<System>): SuiteResult;
  /** The same run again, with all that there is to see of it; `mutant` is a name that `findMutant` knows. */
  inspect(seed: number, mutant: string | null): Inspection;
}

export function kvSuite(name: string, setup: KvSetup, script: (lab: KvLab) => void): KvSuite {
  return {
    name,
    setup,
    script,
    run: (seed, system) =>
      guarded(() => play(name, setup, script, seed, { ...intendedSystem, ...system }).result),
    inspect: (seed, mutant) =>
      guarded(() => {
        const system = mutant === null ? intendedSystem : findMutant(mutant)!.system;
        const { lab, checked, result } = play(name, setup, script, seed, system);
        const { history } = lab.recorder;
        return { history, report: reportOf(lab, setup, checked, result.problems, { name, seed, mutant }) };
      }),
  };
}

/**
 * The same suite where the seed draws losses that nobody tells of, duplicates and messages that overtake others, on top
 * of the suite's own network, and whether gets go through the log. Its limits stay as they are.
 */
export function onWildNetwork({ name, setup, script }: KvSuite): KvSuite {
  return kvSuite(`${name} (wild network)`, { ...setup, wild: true }, script);
}

/** A test that has ended. */
interface Played {
  readonly lab: KvLab;
  readonly checked: CheckResult;
  readonly result: SuiteResult;
}

function play(
  name: string,
  { servers, spares = 0, clerks, unreliable = false, wild = false, maxRaftState, ...setup }: KvSetup,
  script: (lab: KvLab) => void,
  seed: number,
  system: System,
): Played {
  const random = new Random(seed).fork(name);
  const draw = random.fork("wild");
  const conditions = { ...perfectConditions, ...(wild ? drawConditions(draw) : {}), reliable: !unreliable };
  const reads = wild ? draw.pick(["log", "index"] as const) : "log";
  const lab = new KvLab({
    random,
    servers,
    spares,
    features: { ...defaultSettings.features, singleServerChange: setup.singleServerChange ?? false },
    clerks,
    conditions,
    maxRaftState: maxRaftState ?? null,
    reads,
    system,
  });
  const problems = [...problemsOf(() => script(lab)), ...lateness(lab.now)];
  const { world, recorder } = lab;
  const checked = check(kv, recorder.history);
  const undecided = problems.length === 0 && checked.verdict === "unknown";
  if (checked.verdict !== "ok") problems.push(`the history is ${checked.verdict}, expected ok`);
  const { rpcs, bytes } = world.network.counters;
  const result = {
    name,
    variant: wild ? `gets through ${reads === "log" ? "the log" : "ReadIndex"}` : null,
    problems,
    undecided,
    virtualSeconds: world.now / SECOND,
    servers,
    rpcs,
    bytes,
    commands: recorder.operations,
    digest: world.trace.digest.hex(),
  };
  return { lab, checked, result };
}
