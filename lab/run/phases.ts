/** The stretches of a run and what each cost, as the Go labs print it after every test. */

import type { Instant } from "../../src/base/index.ts";
import type { AnyMembers } from "../cluster/index.ts";
import type { Recorder } from "../workload/index.ts";
import type { Phase } from "./report.ts";

export class Phases {
  readonly ended: Phase[] = [];
  private readonly cluster: Pick<AnyMembers, "world">;
  private readonly recorder: Pick<Recorder, "operations">;
  private since: { time: Instant; rpcs: number; operations: number } = { time: 0, rpcs: 0, operations: 0 };

  constructor(cluster: Pick<AnyMembers, "world">, recorder: Pick<Recorder, "operations">) {
    this.cluster = cluster;
    this.recorder = recorder;
  }

  /** Ends the stretch that began with the end of the last one. */
  end(name: Phase["name"], passed: boolean): void {
    const { world } = this.cluster;
    const { rpcs } = world.network.counters;
    const { operations } = this.recorder;
    this.ended.push({
      name,
      passed,
      virtualMicroseconds: world.now - this.since.time,
      rpcs: rpcs - this.since.rpcs,
      operations: operations - this.since.operations,
    });
    this.since = { time: world.now, rpcs, operations };
  }
}
