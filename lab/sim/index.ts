/** The simulated world: virtual clock, network, disks. It runs any actor. */
export {
  type Conditions,
  HOP,
  HOP_JITTER,
  LABRPC,
  perfectConditions,
  REORDER_SPREAD,
} from "./conditions.ts";
export { Disk, type DiskClass, type DiskTiming, defaultDiskTiming, type Storage } from "./disk.ts";
export type { Counters, Interceptor, Passing, Wire } from "./network.ts";
export type { Trace, TraceEvent, TraceKind } from "./trace.ts";
export { type Boot, type Condition, type Observer, World, type WorldOptions } from "./world.ts";
