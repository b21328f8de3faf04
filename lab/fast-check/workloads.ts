/** Workloads as an arbitrary: they shrink to fewer, earlier and simpler operations of fewer clients. */

import * as fc from "fast-check";
import {
  type AnySystem,
  clientNames,
  MILLISECOND,
  type Scale,
  scaleOf,
  type Workload,
} from "../own/index.ts";

/** The system itself will do. */
export interface WorkloadOptions<Operation>
  extends Pick<AnySystem<Operation, unknown>, "operations">,
    Partial<Pick<Scale, "clients" | "duration">> {
  /** Operations in one workload; 60. */
  readonly mostOperations?: number;
}

/** In order of time; values are v1, v2 ... in that order. */
export function workloads<Operation>(options: WorkloadOptions<Operation>): fc.Arbitrary<Workload<Operation>> {
  const { clients, duration } = scaleOf(options);
  const planned = fc.record({
    client: fc.constantFrom(...clientNames(clients)),
    at: fc.integer({ min: 0, max: Math.floor(duration / MILLISECOND) - 1 }),
    make: fc.constantFrom(...options.operations),
  });
  return fc.array(planned, { maxLength: options.mostOperations ?? 60, size: "max" }).map((list) =>
    list
      .sort((a, b) => a.at - b.at)
      .map(({ client, at, make }, i) => ({
        client,
        at: at * MILLISECOND,
        operation: make(`v${i + 1}`),
      })),
  );
}
