/** Raft's messages: Figure 2 of the extended Raft paper (Ongaro & Ousterhout 2014), letter for letter where it has one. */

import type { NodeId } from "../base/index.ts";
import { type Codec, flag, list, nullable, struct, text, uint } from "../codec/index.ts";
import type { Command, Entry } from "./log.ts";

export interface RequestVote {
  readonly kind: "requestVote";
  readonly term: number;
  readonly candidateId: NodeId;
  readonly lastLogIndex: number;
  readonly lastLogTerm: number;
}

export interface RequestVoteReply {
  readonly kind: "requestVoteReply";
  readonly term: number;
  readonly voteGranted: boolean;
}

export interface AppendEntries {
  readonly kind: "appendEntries";
  readonly term: number;
  readonly leaderId: NodeId;
  readonly prevLogIndex: number;
  readonly prevLogTerm: number;
  readonly entries: readonly Entry[];
  readonly leaderCommit: number;
}

export interface AppendEntriesReply {
  readonly kind: "appendEntriesReply";
  readonly term: number;
  readonly success: boolean;
  /** On success: the last index up to which the follower's log is now known to match the leader's. Else 0. */
  readonly matchIndex: number;
  /** On a conflict, the way back in one round trip (section 5.3, last paragraphs); null if there was none. */
  readonly conflict: Conflict | null;
}

export interface Conflict {
  /** The term of the follower's entry at prevLogIndex; 0 if its log is too short to have one. */
  readonly term: number;
  /** The first index of that term; or the index after the follower's last entry. */
  readonly index: number;
}

export type RaftRequest = RequestVote | AppendEntries;
export type RaftReply = RequestVoteReply | AppendEntriesReply;
export type RaftMessage = RaftRequest | RaftReply;

/** The variants of a message union, ready to stand in one with others. Raft does not look into commands. */
export function raftCodecs(command: Codec<Command>) {
  const entry = struct({ term: uint, command });
  return {
    requestVote: struct({ term: uint, candidateId: text, lastLogIndex: uint, lastLogTerm: uint }),
    requestVoteReply: struct({ term: uint, voteGranted: flag }),
    appendEntries: struct({
      term: uint,
      leaderId: text,
      prevLogIndex: uint,
      prevLogTerm: uint,
      entries: list(entry),
      leaderCommit: uint,
    }),
    appendEntriesReply: struct({
      term: uint,
      success: flag,
      matchIndex: uint,
      conflict: nullable(struct({ term: uint, index: uint })),
    }),
  };
}
