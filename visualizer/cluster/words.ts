/** What messages, commands and moments say, in Raft's own terms. */

import { unreachable } from "../../src/base/index.ts";
import type { Command, KvMessage, Operation, Result } from "../../src/kv/index.ts";
import type { Fate, Flight } from "./film.ts";

/** In a few characters, for the label of an arrow. */
export function shortWords({ payload, heartbeat }: Pick<Flight, "payload" | "heartbeat">): string {
  switch (payload.kind) {
    case "requestVote":
      return `${payload.preVote ? "pre-vote" : "vote"}? t${payload.term}`;
    case "requestVoteReply":
      return `${payload.voteGranted ? "yes" : "no"} t${payload.term}`;
    case "appendEntries":
      return heartbeat ? "heartbeat" : `append ${indexes(payload.prevLogIndex, payload.entries.length)}`;
    case "appendEntriesReply":
      return payload.success ? `ok ${payload.matchIndex}` : "refused";
    case "installSnapshot":
      return `snapshot ${payload.lastIncludedIndex}`;
    case "installSnapshotReply":
      return payload.installed ? `has ${payload.lastIncludedIndex}` : `${payload.offset} B`;
    case "timeoutNow":
      return "take over";
    case "timeoutNowReply":
      return "will do";
    case "openSession":
      return "open session";
    case "clerkRequest":
      return `${payload.operation.kind} ${payload.operation.key}`;
    case "result":
      return resultWords(payload.result);
    case "sessionOpened":
      return `session ${payload.session}`;
    case "notLeader":
      return payload.hint === null ? "not leader" : `ask ${payload.hint}`;
    case "superseded":
    case "expired":
      return payload.kind;
    default:
      return unreachable(payload);
  }
}

/** All that it says. */
export function fullWords(payload: KvMessage): string {
  switch (payload.kind) {
    case "requestVote": {
      const { preVote, term, lastLogIndex, lastLogTerm } = payload;
      const asks = preVote ? "asks for a pre-vote" : "asks for a vote";
      return `RequestVote: ${asks}, term ${term}; its log ends at ${lastLogIndex}, term ${lastLogTerm}`;
    }
    case "requestVoteReply": {
      const vote = payload.preVote ? "pre-vote" : "vote";
      return `RequestVote reply: ${vote} ${payload.voteGranted ? "granted" : "refused"}, term ${payload.term}`;
    }
    case "appendEntries": {
      const { term, entries, prevLogIndex, prevLogTerm, leaderCommit } = payload;
      const first = entries.length === 0 ? "heartbeat" : `entries ${indexes(prevLogIndex, entries.length)}`;
      return `AppendEntries: ${first}, term ${term}; after ${prevLogIndex}, term ${prevLogTerm}; leaderCommit ${leaderCommit}`;
    }
    case "appendEntriesReply":
      return `AppendEntries reply: ${payload.success ? `log matches up to ${payload.matchIndex}` : `refused${conflictWords(payload.conflict)}`}, term ${payload.term}`;
    case "installSnapshot": {
      const { lastIncludedIndex, lastIncludedTerm, offset, data, done, term } = payload;
      const part = `${data.length} bytes from ${offset}${done ? ", the end" : ""}`;
      return `InstallSnapshot: up to ${lastIncludedIndex}, term ${lastIncludedTerm}; ${part}; term ${term}`;
    }
    case "installSnapshotReply":
      return `InstallSnapshot reply: ${payload.installed ? `has ${payload.lastIncludedIndex}` : `wants byte ${payload.offset} next`}, term ${payload.term}`;
    case "timeoutNow":
      return `TimeoutNow: take over, term ${payload.term}`;
    case "timeoutNowReply":
      return `TimeoutNow reply, term ${payload.term}`;
    case "openSession":
      return `asks for a session as ${payload.clerk}`;
    case "clerkRequest":
      return `request ${payload.request} of session ${payload.session}: ${operationWords(payload.operation)}`;
    case "result":
      return `result of request ${payload.request}: ${resultWords(payload.result)}`;
    case "sessionOpened":
      return `session ${payload.session} is open`;
    case "notLeader":
      return payload.hint === null ? "not the leader" : `not the leader: ask ${payload.hint}`;
    case "superseded":
      return "superseded: a later request of this client came first";
    case "expired":
      return "this session has ended";
    default:
      return unreachable(payload);
  }
}

/** What became of it. */
export function fateWords(fate: Fate): string {
  switch (fate) {
    case "arrived":
      return "arrived";
    case "lost":
      return "lost by the network";
    case "blocked":
      return "stopped: the link is cut";
    case "missed":
      return "found nobody: its receiver was down";
    case "unwanted":
      return "dropped: nobody waited for it any more";
    case "open":
      return "still under way when the run ended";
    default:
      return unreachable(fate);
  }
}

export function commandWords(command: Command): string {
  switch (command.kind) {
    case "noop":
      return "no-op";
    case "open":
      return `open a session for ${command.clerk}`;
    case "operation":
      return operationWords(command.operation);
    case "configuration":
      return configurationWords(command);
    default:
      return unreachable(command);
  }
}

function configurationWords({ voters, outgoing }: Command & { kind: "configuration" }): string {
  const members = `members ${voters.join(" ")}`;
  return outgoing === null ? members : `${members}, jointly with ${outgoing.join(" ")}`;
}

function operationWords(operation: Operation): string {
  const { kind, key } = operation;
  switch (kind) {
    case "get":
    case "delete":
      return `${kind} ${key}`;
    case "put":
    case "append":
      return `${kind} ${key} ${JSON.stringify(operation.value)}`;
    case "cas":
      return `cas ${key} ${JSON.stringify(operation.expected)} ${JSON.stringify(operation.value)}`;
    default:
      return unreachable(operation);
  }
}

function resultWords(result: Result): string {
  switch (result.kind) {
    case "value":
      return result.value === null ? "absent" : JSON.stringify(result.value);
    case "done":
      return "ok";
    case "swapped":
      return result.swapped ? "swapped" : "not swapped";
    default:
      return unreachable(result);
  }
}

/** The indexes of so many entries after one: "41", "41–43". */
function indexes(before: number, count: number): string {
  return count === 1 ? `${before + 1}` : `${before + 1}–${before + count}`;
}

function conflictWords(conflict: { readonly term: number; readonly index: number } | null): string {
  if (conflict === null) return ": the term is old";
  if (conflict.term === 0) return `: the log ends before ${conflict.index}`;
  return `: term ${conflict.term} there begins at ${conflict.index}`;
}
