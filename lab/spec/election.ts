/**
 * Elections (thesis, sections 3.3, 3.4 and 3.6.1): raft.tla's Timeout, RequestVote, BecomeLeader, UpdateTerm and the
 * handlers of RequestVote and its response. A server's vote for itself is granted with its Timeout, and counts like
 * the others once it is on disk. PreVote (thesis, section 9.6) is no action: it changes none of these variables.
 */

import type { NodeId } from "../../src/base/index.ts";
import type { RequestVote, RequestVoteReply } from "../../src/raft/index.ts";
import { firstLost, isQuorum, lastTerm, named, type Reason, type ServerState } from "./state.ts";

/** A follower or candidate begins an election. Why is its own affair: raft.tla has no clock either. */
export function timeout(s: ServerState): Reason | null {
  if (s.role === "leader") return "a leader holds no election (thesis 3.4)";
  s.currentTerm++;
  s.role = "candidate";
  s.votedFor = s.id;
  s.votesGranted.clear();
  return null;
}

/** A candidate asks for a vote. */
export function requestVote(s: ServerState, m: RequestVote): Reason | null {
  if (s.role !== "candidate") return `it is a ${s.role}, which asks for no votes (thesis 3.4)`;
  if (m.term !== s.currentTerm)
    return `it asks for votes in term ${m.term}, not in its own, ${s.currentTerm}`;
  if (m.candidateId !== s.id) return `it asks for votes for ${m.candidateId}`;
  if (m.lastLogIndex === s.log.length && m.lastLogTerm === lastTerm(s)) return null;
  return `it says that its log ends with ${last(m)}, not with ${lastOf(s)} (thesis 3.6.1)`;
}

/** "Any RPC with a newer term causes the recipient to advance its term first." */
export function updateTerm(s: ServerState, term: number): boolean {
  if (term <= s.currentTerm) return false;
  s.currentTerm = term;
  s.role = "follower";
  s.votedFor = null;
  return true;
}

/** Grants the vote, or tells why it is refused; null if it is granted. */
export function handleRequestVoteRequest(s: ServerState, m: RequestVote): Reason | null {
  if (m.term < s.currentTerm) return `term ${m.term} is over, it is in term ${s.currentTerm} (thesis 3.3)`;
  if (s.votedFor !== null && s.votedFor !== m.candidateId) {
    return `its vote of term ${m.term} is ${s.votedFor}'s (thesis 3.4)`;
  }
  const lost = firstLost(s, s.log.length);
  if (lost !== null) return `its disk has lost its entry ${lost}, and nobody has repaired it`;
  const logOk =
    m.lastLogTerm > lastTerm(s) || (m.lastLogTerm === lastTerm(s) && m.lastLogIndex >= s.log.length);
  if (!logOk) return `the candidate's log ends with ${last(m)}, its own with ${lastOf(s)} (thesis 3.6.1)`;
  s.votedFor = m.candidateId;
  return null;
}

/** Counts it, and drops a stale response. "This tallies votes even when the current state is not Candidate." */
export function handleRequestVoteResponse(s: ServerState, from: NodeId, m: RequestVoteReply): void {
  if (m.term === s.currentTerm && m.voteGranted) s.votesGranted.add(from);
}

export function becomeLeader(s: ServerState): Reason | null {
  if (s.role !== "candidate") return `it is no candidate of term ${s.currentTerm} (thesis 3.4)`;
  const votes = new Set(s.votesGranted);
  if (hasOwnVoteOnDisk(s)) votes.add(s.id);
  if (!isQuorum(votes.size, s)) {
    return `in term ${s.currentTerm} it has the votes of ${named(votes)}, no quorum of ${s.servers.length} (thesis 3.4)`;
  }
  s.role = "leader";
  for (const each of s.servers) s.matchIndex.set(each, 0);
  s.reads.asked.clear();
  s.reads.answered.clear();
  return null;
}

/**
 * Not in raft.tla: who leads, or wants to, may leave it in the middle of a term. A leader that hears from no quorum
 * does (CheckQuorum, thesis 6.2), and a candidate that asks anew whether it could win (PreVote, 9.6).
 */
export function stepDown(s: ServerState): Reason | null {
  if (s.role === "follower") return "it is a follower already";
  s.role = "follower";
  return null;
}

function hasOwnVoteOnDisk({ id, currentTerm, disk }: ServerState): boolean {
  return disk.currentTerm === currentTerm && disk.votedFor === id;
}

function last({ lastLogIndex, lastLogTerm }: RequestVote): string {
  return `entry ${lastLogIndex} of term ${lastLogTerm}`;
}

function lastOf(s: ServerState): string {
  return `entry ${s.log.length} of term ${lastTerm(s)}`;
}
