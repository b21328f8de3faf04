/** The simulated world: virtual clock, network, disks. It runs any actor. */
export type { Chance, Way } from "./chance.ts";
export type { ClockChange } from "./clock.ts";
export {
  type Conditions,
  HOP,
  HOP_JITTER,
  LABRPC,
  perfectConditions,
  REORDER_SPREAD,
} from "./conditions.ts";
export { Disk, type DiskClass, type DiskTiming, defaultDiskTiming, type Storage } from "./disk.ts";
export type { Interceptor, Passing } from "./interceptor.ts";
export type { Fate } from "./link.ts";
export type { Counters, Wire } from "./network.ts";
export type { Trace, TraceEvent, TraceKind } from "./trace.ts";
export { type Boot, type Condition, type Observer, World, type WorldOptions } from "./world.ts";
