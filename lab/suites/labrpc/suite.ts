/** Makes a suite of a script for the network alone. */

import { type Duration, Random, SECOND } from "../../../src/base/index.ts";
import { guarded } from "../../run/index.ts";
import type { Conditions } from "../../sim/index.ts";
import { problemsOf, type Suite, type SuiteResult } from "../suite.ts";
import { EchoLab } from "./echo.ts";

export interface LabrpcSuite extends Suite {
  /** `sabotage` makes the network worse than the suite asked for, which it should notice. */
  run(seed: number, sabotage?: Partial<Conditions>): SuiteResult;
}

interface Setup {
  readonly clients?: number;
  readonly servers?: number;
  readonly conditions?: Partial<Conditions>;
  /** How long a handler runs; no time, if not said. */
  readonly work?: Duration;
}

export function labrpcSuite(name: string, setup: Setup, script: (lab: EchoLab) => void): LabrpcSuite {
  return {
    name,
    run: (seed, sabotage = {}) =>
      guarded(() => {
        const { clients = 1, servers = 1, conditions = {}, work = 0 } = setup;
        const random = new Random(seed).fork("labrpc", name);
        const lab = new EchoLab({
          random,
          clients,
          servers,
          conditions: { ...conditions, ...sabotage },
          work,
        });
        const problems = problemsOf(() => script(lab));
        const { rpcs, bytes } = lab.network.counters;
        const virtualSeconds = lab.world.now / SECOND;
        const digest = lab.world.trace.digest.hex();
        return {
          name,
          variant: null,
          problems,
          undecided: false,
          virtualSeconds,
          servers,
          rpcs,
          bytes,
          commands: lab.callCount,
          digest,
        };
      }),
  };
}
