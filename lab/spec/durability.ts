/**
 * What is on disk (thesis, section 3.8): raft.tla takes it for granted that currentTerm, votedFor and log survive a
 * Restart. Here they do as far as they were written, so a write must hold what the server has, and nothing that binds
 * a server may leave it before it is on its disk.
 */

import type { NodeId } from "../../src/base/index.ts";
import type { RaftMessage, RaftRecord } from "../../src/raft/index.ts";
import { isOnDisk } from "./replication.ts";
import type { Reason, ServerState } from "./state.ts";

/** A server writes what has changed since its latest write. */
export function persist(s: ServerState, record: RaftRecord): Reason | null {
  const { currentTerm, votedFor, from, entries } = record;
  if (currentTerm !== s.currentTerm)
    return `it writes term ${currentTerm}, not its own, ${s.currentTerm} (thesis 3.8)`;
  if (votedFor !== s.votedFor) {
    return `it writes a vote for ${votedFor ?? "nobody"}, and its vote is ${s.votedFor ?? "nobody"}'s (thesis 3.8)`;
  }
  if (from > Math.max(s.unwrittenFrom, s.snapshotIndex + 1)) {
    return `it writes its log from entry ${from} on, and entry ${s.unwrittenFrom} has changed (thesis 3.8)`;
  }
  if (from + entries.length - 1 !== s.log.length) {
    return `it writes its log up to entry ${from + entries.length - 1}, and it ends at ${s.log.length} (thesis 3.8)`;
  }
  for (let i = 0; i < entries.length; i++) {
    if (entries[i] !== s.log[from + i - 1])
      return `it writes another entry ${from + i} than it has (thesis 3.8)`;
  }
  s.unwrittenFrom = Number.POSITIVE_INFINITY;
  return null;
}

/** A message leaves: all that it tells of its sender is on the sender's disk, and stays true if it crashes now. */
export function send(s: ServerState, to: NodeId, m: RaftMessage): Reason | null {
  // Who only asks has not begun the term that it names.
  if (m.kind === "requestVote" && m.preVote) return null;
  const { disk } = s;
  if (disk.currentTerm < m.term)
    return `it tells of term ${m.term}, and its disk is in term ${disk.currentTerm} (thesis 3.8)`;
  // A server that has gone on to a later term has kept its promises of this one.
  if (disk.currentTerm > m.term) return null;
  if (m.kind === "requestVote") return voteOnDisk(s, m.candidateId);
  if (m.kind === "requestVoteReply") return m.voteGranted && !m.preVote ? voteOnDisk(s, to) : null;
  if (m.kind === "appendEntriesReply") return m.success ? logOnDisk(s, m.matchIndex) : null;
  if (m.kind === "installSnapshotReply") return m.installed ? logOnDisk(s, m.lastIncludedIndex) : null;
  return null;
}

function voteOnDisk({ disk }: ServerState, candidate: NodeId): Reason | null {
  if (disk.votedFor === candidate) return null;
  return `it tells of its vote for ${candidate}, and on its disk it is ${disk.votedFor ?? "nobody"}'s (thesis 3.8)`;
}

function logOnDisk(s: ServerState, index: number): Reason | null {
  const { log } = s.disk;
  if (index > log.lastIndex)
    return `it acknowledges entry ${index}, and its disk ends at ${log.lastIndex} (thesis 3.8)`;
  // In a later term, which its disk does not know of yet, it may hold other entries.
  if (s.currentTerm > s.disk.currentTerm || isOnDisk(s, index)) return null;
  return `it acknowledges entry ${index}, and its disk has another one there (thesis 3.8)`;
}
