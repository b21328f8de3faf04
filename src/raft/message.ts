/**
 * Raft's messages: Figures 2 and 13 of the extended Raft paper (Ongaro & Ousterhout 2014), letter for letter where
 * they have one, PreVote from section 9.6 of Ongaro's thesis and TimeoutNow from its section 3.10.
 */

import type { NodeId } from "../base/index.ts";
import { bytes, type Codec, flag, list, struct, text, trailing, uint } from "../codec/index.ts";
import { type Configuration, configurationAlone } from "./configuration.ts";
import type { Command, Entry } from "./log.ts";

export interface RequestVote {
  readonly kind: "requestVote";
  /** Only asks whether a vote would be granted: `term` is the one that the candidate would begin. */
  readonly preVote: boolean;
  /** The leader asked for this election and has given up its lease: no promise stands against it. */
  readonly handover?: true;
  readonly term: number;
  readonly candidateId: NodeId;
  readonly lastLogIndex: number;
  readonly lastLogTerm: number;
}

export interface RequestVoteReply {
  readonly kind: "requestVoteReply";
  readonly preVote: boolean;
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
  /** It had the entry at `index`, and its disk has lost it. */
  readonly lost?: true;
}

export interface InstallSnapshot {
  readonly kind: "installSnapshot";
  readonly term: number;
  readonly leaderId: NodeId;
  readonly lastIncludedIndex: number;
  readonly lastIncludedTerm: number;
  /** Where in the snapshot this chunk begins, in bytes. */
  readonly offset: number;
  readonly data: Uint8Array;
  readonly done: boolean;
  /** Of the snapshot, see there. */
  readonly configuration: Configuration | null;
}

export interface InstallSnapshotReply {
  readonly kind: "installSnapshotReply";
  readonly term: number;
  /** Of the snapshot that the chunk belonged to. */
  readonly lastIncludedIndex: number;
  /** How many bytes of it the follower holds: the offset that it wants next. */
  readonly offset: number;
  /** The follower's log is complete up to lastIncludedIndex, by this snapshot or because it was already. */
  readonly installed: boolean;
}

export interface TimeoutNow {
  readonly kind: "timeoutNow";
  readonly term: number;
}

export interface TimeoutNowReply {
  readonly kind: "timeoutNowReply";
  readonly term: number;
}

export type RaftRequest = RequestVote | AppendEntries | InstallSnapshot | TimeoutNow;
export type RaftReply = RequestVoteReply | AppendEntriesReply | InstallSnapshotReply | TimeoutNowReply;
export type RaftMessage = RaftRequest | RaftReply;

export function entryCodec(command: Codec<Command>): Codec<Entry> {
  return struct({ term: uint, command });
}

const place = struct({ term: uint, index: uint });

/** What speaks against it is one number before the place: 0 for nothing, 1 for a conflict, 2 for a lost entry. */
const conflictCodec: Codec<Conflict | null> = {
  write(sink, conflict) {
    sink.uint(conflict === null ? 0 : conflict.lost ? 2 : 1);
    if (conflict !== null) place.write(sink, conflict);
  },
  read(source) {
    const why = source.uint();
    if (why === 0) return null;
    const at = place.read(source);
    return why === 2 ? Object.freeze({ ...at, lost: true }) : at;
  },
};

const candidacy = struct({ term: uint, candidateId: text, lastLogIndex: uint, lastLogTerm: uint });

/** Why it asks is one number: 0 for an election, 1 for a pre-vote, 2 for an election that the leader asked for. */
const requestVoteCodec: Codec<Omit<RequestVote, "kind">> = {
  write(sink, request) {
    sink.uint(request.handover ? 2 : request.preVote ? 1 : 0);
    candidacy.write(sink, request);
  },
  read(source) {
    const why = source.uint();
    const handover = why === 2 ? ({ handover: true } as const) : {};
    return Object.freeze({ preVote: why === 1, ...handover, ...candidacy.read(source) });
  },
};

/** The variants of a message union, ready to stand in one with others. Raft does not look into commands. */
export function raftCodecs(command: Codec<Command>) {
  return {
    requestVote: requestVoteCodec,
    requestVoteReply: struct({ preVote: flag, term: uint, voteGranted: flag }),
    appendEntries: struct({
      term: uint,
      leaderId: text,
      prevLogIndex: uint,
      prevLogTerm: uint,
      entries: list(entryCodec(command)),
      leaderCommit: uint,
    }),
    appendEntriesReply: struct({
      term: uint,
      success: flag,
      matchIndex: uint,
      conflict: conflictCodec,
    }),
    installSnapshot: struct({
      term: uint,
      leaderId: text,
      lastIncludedIndex: uint,
      lastIncludedTerm: uint,
      offset: uint,
      data: bytes,
      done: flag,
      configuration: trailing(configurationAlone),
    }),
    installSnapshotReply: struct({ term: uint, lastIncludedIndex: uint, offset: uint, installed: flag }),
    timeoutNow: struct({ term: uint }),
    timeoutNowReply: struct({ term: uint }),
  };
}
