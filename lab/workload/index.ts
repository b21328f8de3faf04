/** Who uses the cluster, what they ask for, and the history of what they saw. */
export { type Agenda, DrawnAgenda, type Errand, type Habits } from "./agenda.ts";
export { Client, type ClientNotice, type ClientOptions } from "./client.ts";
export {
  AppendGenerator,
  defaultMix,
  defaultWorkload,
  drawWorkload,
  type Generator,
  MixedGenerator,
  type WorkloadOptions,
} from "./commands.ts";
export { type KvHistory, Recorder } from "./recorder.ts";
