/** Consensus, and nothing else. */
export type { RaftEffect, RaftInput } from "./effect.ts";
export type { Command, Entry } from "./log.ts";
export { RaftLog } from "./log.ts";
export {
  type AppendEntries,
  type AppendEntriesReply,
  type RaftMessage,
  type RequestVote,
  type RequestVoteReply,
  raftCodecs,
} from "./message.ts";
export { defaultTiming, type RaftOptions, type RaftTiming } from "./options.ts";
export { Raft } from "./raft.ts";
export type { Role } from "./state.ts";
export { type RaftImage, type RaftRecord, raftRecordCodec, raftStorage } from "./storage.ts";
