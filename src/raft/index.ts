/** Consensus, and nothing else. */
export {
  type Configuration,
  configurationCodec,
  configurationOf,
  isConfiguration,
  isVoter,
  latestIn,
  votersOf,
} from "./configuration.ts";
export { LOST } from "./damage.ts";
export type { RaftEffect, RaftInput } from "./effect.ts";
export { type LeaseOptions, leaseLength, MILLION, type PartsPerMillion } from "./lease.ts";
export type { Command, Entry, Snapshot } from "./log.ts";
export { RaftLog } from "./log.ts";
export type { ChangeRefusal } from "./membership.ts";
export {
  type AppendEntries,
  type AppendEntriesReply,
  type Conflict,
  type InstallSnapshot,
  type InstallSnapshotReply,
  type RaftMessage,
  type RaftReply,
  type RaftRequest,
  type RequestVote,
  type RequestVoteReply,
  raftCodecs,
} from "./message.ts";
export {
  defaultFeatures,
  defaultLimits,
  defaultTiming,
  type RaftFeatures,
  type RaftOptions,
  type RaftTiming,
} from "./options.ts";
export { Outbox } from "./outbox.ts";
export { isQuorum } from "./quorum.ts";
export { Raft } from "./raft.ts";
export { noMark, Refusal, strayWrite } from "./refusal.ts";
export { type Found, type Sealed, seal, unseal } from "./seal.ts";
export type { Role } from "./state.ts";
export { type RaftImage, type RaftRecord, raftRecordCodec, raftStateSize, raftStorage } from "./storage.ts";
