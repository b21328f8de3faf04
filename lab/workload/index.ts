/** Who uses the cluster, what they ask for, and the history of what they saw. */
export { type Agenda, DrawnAgenda, type Errand, type Habits } from "./agenda.ts";
export {
  Caller,
  type CallerOptions,
  type Notice,
  type Protocol,
  type ProtocolEffect,
  type ProtocolInput,
} from "./caller.ts";
export {
  Client,
  type ClientAgenda,
  type ClientErrand,
  type ClientNotice,
  type ClientOptions,
  drawnHabits,
} from "./client.ts";
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
