/**
 * Log replication (thesis, sections 3.5 and 3.6.2): raft.tla's ClientRequest, AppendEntries, AdvanceCommitIndex and
 * the handlers of AppendEntries and its response. An AppendEntries with many entries stands for as many with one.
 */

import type { NodeId } from "../../src/base/index.ts";
import type { AppendEntries, AppendEntriesReply, Entry } from "../../src/raft/index.ts";
import {
  commitTo,
  firstLost,
  isQuorum,
  named,
  type Reason,
  repair,
  replaceAfter,
  type ServerState,
  termAt,
} from "./state.ts";

/** A leader takes a command into its log. */
export function clientRequest(s: ServerState, entry: Entry, command: unknown): Reason | null {
  if (s.role !== "leader") return `it is a ${s.role}, and only a leader takes commands (thesis 3.5)`;
  if (entry.term !== s.currentTerm) {
    return `the new entry has term ${entry.term}, not the current term ${s.currentTerm} (thesis 3.5)`;
  }
  if (entry.command !== command) return "the new entry holds another command than the client's";
  replaceAfter(s, s.log.length, [entry]);
  return null;
}

/** A leader sends entries from any index on, or none. */
export function appendEntries(s: ServerState, m: AppendEntries): Reason | null {
  if (s.role !== "leader") return `it is a ${s.role}, and only a leader sends entries (thesis 3.5)`;
  if (m.term !== s.currentTerm) return `it sends in term ${m.term}, not in its own, ${s.currentTerm}`;
  const { prevLogIndex, prevLogTerm, entries } = m;
  if (prevLogIndex + entries.length > s.log.length) {
    return `it sends up to entry ${prevLogIndex + entries.length} of a log that ends at ${s.log.length}`;
  }
  if (prevLogTerm !== termAt(s, prevLogIndex)) {
    return `it says that entry ${prevLogIndex} has term ${prevLogTerm}, and its log has ${termAt(s, prevLogIndex)}`;
  }
  for (let i = 0; i < entries.length; i++) {
    if (entries[i] !== s.log[prevLogIndex + i])
      return `it sends another entry ${prevLogIndex + i + 1} than it has`;
  }
  if (m.leaderCommit <= s.commitIndex) return null;
  return `it says that ${m.leaderCommit} is committed, and its commitIndex is ${s.commitIndex}`;
}

/** Accepts the request, or tells why it is rejected; null if it is accepted. */
export function handleAppendEntriesRequest(s: ServerState, m: AppendEntries): Reason | null {
  if (m.term < s.currentTerm) return `term ${m.term} is over, it is in term ${s.currentTerm} (thesis 3.3)`;
  if (s.role === "leader") return `it leads term ${m.term} itself (thesis 3.4)`;
  s.role = "follower";
  const { prevLogIndex, prevLogTerm, entries } = m;
  const lost = firstLost(s, prevLogIndex);
  if (lost !== null) return `its disk has lost its entry ${lost}`;
  if (prevLogIndex > s.log.length)
    return `its log ends at ${s.log.length}, before entry ${prevLogIndex} (thesis 3.5)`;
  if (prevLogTerm !== termAt(s, prevLogIndex)) {
    return `its entry ${prevLogIndex} has term ${termAt(s, prevLogIndex)}, the leader's has ${prevLogTerm} (thesis 3.5)`;
  }
  // Done already are those that it has; the first that conflicts ends its log, and all from there on are appended.
  let done = 0;
  while (done < entries.length && termAt(s, prevLogIndex + done + 1) === entries[done]!.term) done++;
  for (let i = 0; i < done; i++) repair(s, prevLogIndex + i + 1, entries[i]!);
  if (done < entries.length) replaceAfter(s, prevLogIndex + done, entries.slice(done));
  // In raft.tla an old request may take it back; here it never does.
  commitTo(s, Math.min(m.leaderCommit, prevLogIndex + entries.length));
  return null;
}

/** Notes what the follower has, and drops a stale response. Never backwards: responses overtake one another. */
export function handleAppendEntriesResponse(s: ServerState, from: NodeId, m: AppendEntriesReply): void {
  if (m.term !== s.currentTerm) return;
  if (m.success) matches(s, from, m.matchIndex);
  else if (m.conflict?.lost) lose(s, from, m.conflict.index);
}

/** raft.tla's disks lose nothing. A follower's that has takes back what it acknowledged from there on. */
function lose(s: ServerState, follower: NodeId, index: number): void {
  const known = s.matchIndex.get(follower);
  if (s.role === "leader" && known !== undefined) s.matchIndex.set(follower, Math.min(known, index - 1));
}

/** A follower's log is known to be the leader's up to this index. */
export function matches(s: ServerState, follower: NodeId, index: number): void {
  if (s.role === "leader" && index > s.matchIndex.get(follower)!) s.matchIndex.set(follower, index);
}

/** A leader commits what a quorum has, if the last of it is of its own term. It counts itself by its disk. */
export function advanceCommitIndex(s: ServerState, index: number): Reason | null {
  if (s.role !== "leader") return `it is a ${s.role}, and only a leader commits by itself (thesis 3.5)`;
  if (index > s.log.length) return `index ${index} is past the end of its log, ${s.log.length}`;
  if (termAt(s, index) !== s.currentTerm) {
    return `the entry at index ${index} has term ${termAt(s, index)}, not the current term ${s.currentTerm} (thesis 3.6.2)`;
  }
  let agree = isOnDisk(s, index) ? 1 : 0;
  for (const matchIndex of s.matchIndex.values()) if (matchIndex >= index) agree++;
  if (!isQuorum(agree, s)) {
    const who = named(s.servers.filter((each) => has(s, each, index)));
    return `entry ${index} is known to be on the disks of ${who}, no quorum of ${s.servers.length} (thesis 3.5)`;
  }
  commitTo(s, index);
  return null;
}

/** Committed entries reach the state machine one after the other (thesis, section 3.5). */
export function apply(s: ServerState, first: number, entries: readonly Entry[]): Reason | null {
  if (first !== s.lastApplied + 1) return `it applies entry ${first} after ${s.lastApplied} (thesis 3.5)`;
  const last = s.lastApplied + entries.length;
  if (last > s.commitIndex)
    return `it applies up to entry ${last}, and its commitIndex is ${s.commitIndex} (thesis 3.5)`;
  for (let i = 0; i < entries.length; i++) {
    if (entries[i] !== s.log[first + i - 1])
      return `it applies another entry ${first + i} than it has (thesis 3.5)`;
  }
  s.lastApplied = last;
  return null;
}

function has(s: ServerState, server: NodeId, index: number): boolean {
  return server === s.id ? isOnDisk(s, index) : s.matchIndex.get(server)! >= index;
}

/** The server's disk holds this entry of its log (thesis, section 10.2.1). */
export function isOnDisk(s: ServerState, index: number): boolean {
  const { log } = s.disk;
  // What a snapshot stands for was committed.
  if (index <= log.snapshotIndex) return true;
  return index <= log.lastIndex && log.termAt(index) === termAt(s, index);
}
