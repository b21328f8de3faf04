/** What comes of a step, as actions of the specification: messages, writes, and what the state machine is given. */

import { unreachable } from "../../src/base/index.ts";
import type { RaftEffect, RaftRecord, RaftReply, RaftRequest } from "../../src/raft/index.ts";
import { acknowledge, installSnapshot, restore } from "./compaction.ts";
import { persist } from "./durability.ts";
import { requestVote } from "./election.ts";
import { answerRead } from "./reads.ts";
import { appendEntries, apply } from "./replication.ts";
import type { Reason } from "./state.ts";
import type { Step } from "./step.ts";

export function produced(step: Step, effects: readonly RaftEffect[]): Reason | null {
  for (const effect of effects) {
    const reason = explain(step, effect);
    if (reason !== null) return reason;
  }
  return null;
}

function explain(step: Step, effect: RaftEffect): Reason | null {
  const { s } = step;
  switch (effect.kind) {
    case "request":
      s.reads.lastCall = Math.max(s.reads.lastCall, effect.call);
      return request(step, effect.payload as RaftRequest);
    case "reply":
      return reply(step, effect.payload as RaftReply);
    case "persist":
      return produced(step, effect.thenSend) ?? write(step, effect.record);
    case "commit":
      step.action = "Apply";
      return apply(s, effect.index, effect.entries);
    case "restore":
      step.action = "Restore";
      return restore(s, effect.snapshot.index);
    case "readable":
      step.action = "AnswerRead";
      return effect.ids.reduce<Reason | null>(
        (first, id) => first ?? answerRead(s, id, step.server.hasLeases),
        null,
      );
    default:
      return unreachable(effect);
  }
}

function write(step: Step, record: RaftRecord | null): Reason | null {
  if (record === null) return null;
  const { action } = step;
  step.action = "Persist";
  const reason = persist(step.s, record);
  if (reason === null) step.action = action;
  return reason;
}

function request(step: Step, m: RaftRequest): Reason | null {
  switch (m.kind) {
    case "requestVote":
      if (m.preVote) return null;
      step.action = "RequestVote";
      return requestVote(step.s, m);
    case "appendEntries":
      step.action = "AppendEntries";
      return appendEntries(step.s, m);
    case "installSnapshot":
      step.action = "InstallSnapshot";
      return installSnapshot(step.s, m);
    case "timeoutNow":
      return null;
    default:
      return unreachable(m);
  }
}

/** The answer says what the specification's handler has decided. */
function reply(step: Step, m: RaftReply): Reason | null {
  const { s, input, refusal } = step;
  const asked = input.kind === "request" ? (input.payload as RaftRequest) : null;
  if (m.term !== s.currentTerm) return `it answers in term ${m.term}, not in its own, ${s.currentTerm}`;
  switch (m.kind) {
    case "requestVoteReply":
      if (m.preVote) return null;
      step.action = `HandleRequestVoteRequest ${m.voteGranted ? "with" : "without"} a vote`;
      if (m.voteGranted) return refusal;
      return refusal === null ? "nothing speaks against the candidate (thesis 3.4)" : null;
    case "appendEntriesReply": {
      step.action = `HandleAppendEntriesRequest ${m.success ? "with" : "without"} success`;
      if (!m.success) return refusal === null ? "the logs match where the entries begin (thesis 3.5)" : null;
      if (refusal !== null || asked?.kind !== "appendEntries") return refusal;
      const last = asked.prevLogIndex + asked.entries.length;
      return m.matchIndex === last
        ? null
        : `it acknowledges entry ${m.matchIndex}, and the request ends at ${last}`;
    }
    case "installSnapshotReply":
      step.action = "HandleInstallSnapshotRequest";
      return acknowledge(s, m);
    case "timeoutNowReply":
      return null;
    default:
      return unreachable(m);
  }
}
