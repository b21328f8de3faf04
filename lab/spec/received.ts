/** What a server is told, as actions of the specification: raft.tla's Receive, and the client's requests. */

import { unreachable } from "../../src/base/index.ts";
import type { RaftReply, RaftRequest, RequestVote } from "../../src/raft/index.ts";
import { differenceOf, logDifference, matchDifference } from "./abstraction.ts";
import {
  compact,
  handleInstallSnapshotRequest,
  handleInstallSnapshotResponse,
  install,
} from "./compaction.ts";
import { handleRequestVoteRequest, handleRequestVoteResponse, updateTerm } from "./election.ts";
import { askRead, confirm } from "./reads.ts";
import { clientRequest, handleAppendEntriesRequest, handleAppendEntriesResponse } from "./replication.ts";
import type { Reason } from "./state.ts";
import type { Step } from "./step.ts";

export function received(step: Step): Reason | null {
  const { s, server, input } = step;
  switch (input.kind) {
    case "request":
      return request(step, input.payload as RaftRequest);
    case "reply":
      return reply(step, input.from, input.call, input.payload as RaftReply);
    case "propose":
      if (server.log.lastIndex <= s.log.length) return null;
      step.action = "ClientRequest";
      return clientRequest(s, server.log.entryAt(s.log.length + 1), input.command);
    case "compact":
      if (server.log.snapshotIndex === s.snapshotIndex) return null;
      step.action = "Compact";
      return compact(s, input.index);
    case "read":
      askRead(s, input.id);
      return null;
    case "deadline":
    case "unanswered":
    case "durable":
    case "transfer":
    case "change":
      return null;
    default:
      return unreachable(input);
  }
}

function request(step: Step, m: RaftRequest): Reason | null {
  const { s, server } = step;
  // Who only asks has not begun the term that it names.
  if (m.kind === "requestVote" && m.preVote) return null;
  if (m.kind === "requestVote" && isUnheard(step, m)) return null;
  const reason = adopt(step, m.term);
  if (reason !== null) return reason;
  switch (m.kind) {
    case "requestVote":
      step.action = "HandleRequestVoteRequest";
      step.refusal = handleRequestVoteRequest(s, m);
      return null;
    case "appendEntries":
      step.action = "HandleAppendEntriesRequest";
      step.refusal = handleAppendEntriesRequest(s, m);
      return step.refusal === null ? logDifference(s, server, m.prevLogIndex + 1) : null;
    case "installSnapshot":
      step.action = "HandleInstallSnapshotRequest";
      handleInstallSnapshotRequest(s, m);
      if (server.log.snapshotIndex === s.snapshotIndex) return null;
      return install(s, m) ?? logDifference(s, server, 1);
    case "timeoutNow":
      return null;
    default:
      return unreachable(m);
  }
}

/**
 * raft.tla's DropMessage: under leases a server leaves a candidate unheard while it has promised its leader not to vote
 * (thesis 6.4.1). Its clock decides for how long, and the specification has no clocks.
 */
function isUnheard(step: Step, { term, candidateId }: RequestVote): boolean {
  const { server } = step;
  if (!server.hasLeases || (server.currentTerm === term && server.votedFor === candidateId)) return false;
  if (server.currentTerm > step.s.currentTerm) return false;
  step.action = "DropMessage";
  step.refusal = "it keeps the promise that its leader's lease rests on (thesis 6.4.1)";
  return true;
}

function adopt(step: Step, term: number): Reason | null {
  const { s, server } = step;
  if (!updateTerm(s, term)) return null;
  step.action = "UpdateTerm";
  return server.currentTerm < term ? differenceOf(s, server) : null;
}

function reply(step: Step, from: string, call: number, m: RaftReply): Reason | null {
  const { s, server } = step;
  const reason = adopt(step, m.term);
  if (reason !== null) return reason;
  if (m.term < s.currentTerm) {
    step.action = "DropStaleResponse";
    return matchDifference(s, server, from);
  }
  confirm(s, from, call);
  switch (m.kind) {
    case "requestVoteReply":
      if (m.preVote) return null;
      step.action = "HandleRequestVoteResponse";
      handleRequestVoteResponse(s, from, m);
      return null;
    case "appendEntriesReply":
      step.action = "HandleAppendEntriesResponse";
      handleAppendEntriesResponse(s, from, m);
      return matchDifference(s, server, from);
    case "installSnapshotReply":
      step.action = "HandleInstallSnapshotResponse";
      handleInstallSnapshotResponse(s, from, m);
      return matchDifference(s, server, from);
    case "timeoutNowReply":
      return null;
    default:
      return unreachable(m);
  }
}
