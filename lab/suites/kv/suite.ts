/** Makes a suite of a script: a fresh cluster, the script, the check of the history, and the figures at the end. */

import { check, kv } from "porcupine-ts";
import { type Duration, Random, SECOND } from "../../../src/base/index.ts";
import { guarded, intendedSystem, type System } from "../../run/index.ts";
import { type Conditions, perfectConditions } from "../../sim/index.ts";
import { problemsOf, type Suite, type SuiteResult } from "../suite.ts";
import { KvLab } from "./lab.ts";

export interface KvSuite extends Suite {
  readonly setup: KvSetup;
  readonly script: (lab: KvLab) => void;
  /** `system` may be a mutant, which the suite should notice; what it leaves open is as it is meant to be. */
  run(seed: number, system?: Partial<System>): SuiteResult;
}

export interface KvSetup {
  readonly servers: number;
  /** How many clerks there are at most at a time. */
  readonly clerks: number;
  /** labrpc's unreliable network: short delays, and one message of ten is lost. */
  readonly unreliable?: boolean;
  /** A network without labrpc's mercies, and the way of reading drawn. */
  readonly wild?: boolean;
  /** Bytes of log after which servers cut a snapshot; never, if not said. */
  readonly maxRaftState?: number;
}

/** The Go labs give every test two minutes. */
const LIMIT: Duration = 120 * SECOND;

export function kvSuite(name: string, setup: KvSetup, script: (lab: KvLab) => void): KvSuite {
  return {
    name,
    setup,
    script,
    run: (seed, system) =>
      guarded(() => runScript(name, setup, script, seed, { ...intendedSystem, ...system })),
  };
}

/**
 * The same suite where the seed draws losses that nobody tells of, duplicates and messages that overtake others, on top
 * of the suite's own network, and whether gets go through the log. Its limits stay as they are.
 */
export function onWildNetwork({ name, setup, script }: KvSuite): KvSuite {
  return kvSuite(`${name} (wild network)`, { ...setup, wild: true }, script);
}

function runScript(
  name: string,
  { servers, clerks, unreliable = false, wild = false, maxRaftState }: KvSetup,
  script: (lab: KvLab) => void,
  seed: number,
  system: System,
): SuiteResult {
  const random = new Random(seed).fork(name);
  const draw = random.fork("wild");
  const conditions = { ...perfectConditions, ...(wild ? drawConditions(draw) : {}), reliable: !unreliable };
  const reads = wild ? draw.pick(["log", "index"] as const) : "log";
  const lab = new KvLab({
    random,
    servers,
    clerks,
    conditions,
    maxRaftState: maxRaftState ?? null,
    reads,
    system,
  });
  const problems = [...problemsOf(() => script(lab))];
  const { world, recorder } = lab;
  if (world.now > LIMIT)
    problems.push(`the test took ${(world.now / SECOND).toFixed(1)} s, more than its 120`);
  const { verdict } = check(kv, recorder.history);
  if (verdict !== "ok") problems.push(`the history is ${verdict}, expected ok`);
  const { rpcs, bytes } = world.network.counters;
  return {
    name,
    problems,
    virtualSeconds: world.now / SECOND,
    servers,
    rpcs,
    bytes,
    commands: recorder.operations,
    digest: world.trace.digest.hex(),
  };
}

/**
 * Of 1000 messages. A clerk waits 300 ms for an answer that was lost without a word, and 150 ms in the mean for one
 * that is held back: at their worst these add some 20 ms to an operation, which leaves room in the 33.3 ms of Speed.
 */
function drawConditions(random: Random): Partial<Conditions> {
  return {
    detectsLoss: false,
    loss: random.between(1, 15),
    duplication: random.between(1, 50),
    reordering: random.between(1, 20),
  };
}
