/**
 * Log compaction (thesis, chapter 5), which raft.tla does not have. A snapshot changes how a server stores its log and
 * not what its log is, so taking one is a stuttering step; installing one accepts all the entries that it stands for.
 */

import type { NodeId } from "../../src/base/index.ts";
import type { InstallSnapshot, InstallSnapshotReply } from "../../src/raft/index.ts";
import { matches } from "./replication.ts";
import { commitTo, type Reason, replaceAfter, type ServerState, termAt } from "./state.ts";

/** A snapshot takes the place of the log up to this index. */
export function compact(s: ServerState, index: number): Reason | null {
  if (index > s.lastApplied) return `only ${s.lastApplied} entries are applied, not ${index} (thesis 5.1)`;
  s.snapshotIndex = index;
  return null;
}

/** A leader sends a part of a snapshot. */
export function installSnapshot(s: ServerState, m: InstallSnapshot): Reason | null {
  if (s.role !== "leader") return `it is a ${s.role}, and only a leader sends snapshots (thesis 5.3)`;
  if (m.term !== s.currentTerm) return `it sends in term ${m.term}, not in its own, ${s.currentTerm}`;
  const { lastIncludedIndex: index, lastIncludedTerm: term } = m;
  if (index > s.snapshotIndex)
    return `it has no snapshot up to ${index}, its own is up to ${s.snapshotIndex}`;
  if (term === termAt(s, index)) return null;
  return `it says that entry ${index} has term ${term}, and its log has ${termAt(s, index)}`;
}

/** A part comes: like an AppendEntries it tells a candidate that its term has a leader. */
export function handleInstallSnapshotRequest(s: ServerState, m: InstallSnapshot): void {
  if (m.term === s.currentTerm && s.role === "candidate") s.role = "follower";
}

/** With the last part the server installs the whole. */
export function install(s: ServerState, m: InstallSnapshot): Reason | null {
  const { lastIncludedIndex: index, lastIncludedTerm: term } = m;
  if (m.term < s.currentTerm) return `term ${m.term} is over, it is in term ${s.currentTerm} (thesis 3.3)`;
  if (!m.done) return `snapshot ${index} has not come to its end (thesis 5.3)`;
  if (index <= s.commitIndex) return `all of snapshot ${index} is committed there already (thesis 5.3)`;
  const { committed } = s.history;
  if (committed[index - 1]?.term !== term) return `no entry ${index} of term ${term} was ever committed`;
  // What follows a matching entry stays (Figure 5.3, rule 6), else nothing does.
  const tail = termAt(s, index) === term ? s.log.slice(index) : [];
  const { unwrittenFrom } = s;
  replaceAfter(s, s.commitIndex, committed.slice(s.commitIndex, index));
  replaceAfter(s, index, tail);
  // The snapshot is written in their place.
  s.unwrittenFrom = unwrittenFrom;
  s.snapshotIndex = index;
  commitTo(s, index);
  return null;
}

/** The state machine becomes what the snapshot holds. */
export function restore(s: ServerState, index: number): Reason | null {
  if (index !== s.snapshotIndex) return `its snapshot is up to ${s.snapshotIndex}, not ${index} (thesis 5.3)`;
  if (index <= s.lastApplied)
    return `its state machine goes back to ${index}, and ${s.lastApplied} entries are applied (thesis 5.3)`;
  s.lastApplied = index;
  return null;
}

/** What it answers to any part: that it has the snapshot only if it has all that it stands for. */
export function acknowledge(s: ServerState, m: InstallSnapshotReply): Reason | null {
  if (!m.installed || m.lastIncludedIndex <= s.commitIndex) return null;
  return `it says that it has snapshot ${m.lastIncludedIndex}, and its commitIndex is ${s.commitIndex} (thesis 5.3)`;
}

export function handleInstallSnapshotResponse(s: ServerState, from: NodeId, m: InstallSnapshotReply): void {
  if (m.term === s.currentTerm && m.installed) matches(s, from, m.lastIncludedIndex);
}
