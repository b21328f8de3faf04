/** The cluster in its simulated world: servers, disks, clocks and clients, and how they are set up. */

export { CLOCKS, type Clocks, drawDrifts, longerBy } from "./clocks.ts";
export {
  type ClientActor,
  type ClientBoot,
  type ClientCommand,
  Cluster,
  type ClusterOptions,
} from "./cluster.ts";
export type { Decider, Manners, RunWorld } from "./decider.ts";
export { DISKS, type Disks, FsyncLies } from "./disks.ts";
export { type AnyMembers, clientNames, Members, serverNames } from "./members.ts";
export { intendedSeals, type Seals } from "./sealed.ts";
export { defaultSettings, diskTimingOf, drawSettings, type Settings } from "./settings.ts";
export { type Sight, Sights, see, type WatchedServers, type Watcher } from "./sight.ts";
export { intendedSystem, type RaftDisk, type System } from "./system.ts";
