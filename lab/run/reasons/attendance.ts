/** The door by which a run lets itself be watched from close by. */

import type { Cluster, System } from "../../cluster/index.ts";
import type { TraceEvent } from "../../sim/index.ts";

/** Whoever wants to see more of a run than its report. */
export interface Attendance {
  /** The system under test, in classes that can be seen into. */
  dress(system: System): System;
  /** Before the cluster starts. */
  attend(cluster: Cluster): void;
  /** Every event of the world, as it happens. */
  hear(event: TraceEvent): void;
}
