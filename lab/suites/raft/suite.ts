/** Makes a suite of a script: a fresh cluster, the script, and the figures at its end. */

import { Random, SECOND } from "../../../src/base/index.ts";
import { defaultFeatures, type RaftFeatures } from "../../../src/raft/index.ts";
import { intendedSystem } from "../../cluster/index.ts";
import { guarded } from "../../run/index.ts";
import { lateness, problemsOf, type Suite, type SuiteResult } from "../suite.ts";
import type { RaftSystem } from "./cluster.ts";
import { RaftLab } from "./lab.ts";

export interface RaftSuite extends Suite {
  /** `system` may be a mutant, which the suite should notice; what it leaves open is as it is meant to be. */
  run(seed: number, system?: Partial<RaftSystem>): SuiteResult;
}

interface Setup {
  readonly servers: number;
  /** labrpc's unreliable network: short delays, and one message of ten is lost. */
  readonly unreliable?: boolean;
  /** A snapshot is cut after every so many entries; never, if not said. */
  readonly snapshotInterval?: number;
}

export function raftSuite(name: string, setup: Setup, script: (lab: RaftLab) => void): RaftSuite {
  return {
    name,
    run: (seed, system) =>
      guarded(() =>
        runScript(name, setup, script, seed, { ...intendedSystem, features: drawFeatures(seed), ...system }),
      ),
  };
}

/** The Go labs' limits hold for the paper's Raft and for a full one, so seeds take turns. */
function drawFeatures(seed: number): RaftFeatures {
  return seed % 2 === 1 ? defaultFeatures : { preVote: false, checkQuorum: false };
}

function runScript(
  name: string,
  { servers, unreliable = false, snapshotInterval }: Setup,
  script: (lab: RaftLab) => void,
  seed: number,
  system: RaftSystem,
): SuiteResult {
  const random = new Random(seed).fork(name);
  const lab = new RaftLab({
    random,
    servers,
    reliable: !unreliable,
    snapshotInterval: snapshotInterval ?? null,
    system,
  });
  const problems = problemsOf(() => script(lab));
  const { now } = lab.world;
  return {
    name,
    variant: `PreVote ${onOff(system.features.preVote)}, CheckQuorum ${onOff(system.features.checkQuorum)}`,
    problems: [...problems, ...lateness(now)],
    undecided: false,
    virtualSeconds: now / SECOND,
    servers,
    rpcs: lab.rpcTotal,
    bytes: lab.bytesTotal,
    commands: lab.commandTotal,
    digest: lab.world.trace.digest.hex(),
  };
}

function onOff(on: boolean): string {
  return on ? "on" : "off";
}
