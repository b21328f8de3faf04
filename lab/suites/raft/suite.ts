/** Makes a suite of a script: a fresh cluster, the script, and the figures at its end. */

import { Random, SECOND } from "../../../src/base/index.ts";
import { Raft } from "../../../src/raft/index.ts";
import { guarded } from "../../run/index.ts";
import { problemsOf, type Suite, type SuiteResult } from "../suite.ts";
import { LIMIT } from "./cluster.ts";
import { RaftLab } from "./lab.ts";

export interface RaftSuite extends Suite {
  /** `raft` may be a mutant, which the suite should notice. */
  run(seed: number, raft?: typeof Raft): SuiteResult;
}

interface Setup {
  readonly servers: number;
  /** labrpc's unreliable network: short delays, and one message of ten is lost. */
  readonly unreliable?: boolean;
}

export function raftSuite(name: string, setup: Setup, script: (lab: RaftLab) => void): RaftSuite {
  return { name, run: (seed, raft = Raft) => guarded(() => runScript(name, setup, script, seed, raft)) };
}

function runScript(
  name: string,
  { servers, unreliable = false }: Setup,
  script: (lab: RaftLab) => void,
  seed: number,
  raft: typeof Raft,
): SuiteResult {
  const random = new Random(seed).fork(name);
  const lab = new RaftLab({ random, servers, reliable: !unreliable, Raft: raft });
  const problems = problemsOf(() => script(lab));
  const { now } = lab.world;
  const late = now > LIMIT ? [`the test took ${(now / SECOND).toFixed(1)} s, more than its 120`] : [];
  return {
    name,
    problems: [...problems, ...late],
    virtualSeconds: now / SECOND,
    servers,
    rpcs: lab.rpcTotal,
    bytes: lab.bytesTotal,
    commands: lab.commandTotal,
    digest: lab.world.trace.digest.hex(),
  };
}
