/** One step of a path in words: a script that a person can follow with the paper in hand. */

import { type NodeId, unreachable } from "../../src/base/index.ts";
import type { RaftMessage } from "../../src/raft/index.ts";
import type { Cell } from "./cell.ts";
import type { Move } from "./move.ts";
import { commandName } from "./play.ts";
import type { World } from "./world.ts";

/** A step that was played. */
export interface Played {
  readonly move: Move;
  readonly before: World;
  /** Null if something went wrong. */
  readonly after: World | null;
  /** The messages that arrived in it. */
  readonly heard: readonly RaftMessage[];
}

/** Such as "n1 sends x to n2; n1 applies x; n2 has x". */
export function sentenceOf(played: Played): string {
  const { move, before, after } = played;
  const deed = deedOf(played);
  if (after === null) return deed;
  const changes = before.cells.flatMap(({ value }, i) => changesOf(move, value, after.cells[i]!.value));
  return [deed, ...changes].join("; ");
}

function deedOf(played: Played): string {
  const { move, before } = played;
  const { server } = move;
  switch (move.kind) {
    case "elect":
      return electionText(move, played);
    case "propose":
      return `${server} takes ${commandName(before.spent.commands)}${move.slowDisk ? ", and its disk is slow" : ""}`;
    case "replicate":
      return replicationText(move, played);
    case "arrive":
      return arrivalText(move, played);
    case "sync":
      return `the disk of ${server} has done its oldest write`;
    case "crash":
      return `${server} crashes and restarts`;
    case "compact":
      return `${server} takes a snapshot up to ${cellOf(before, server).raft.lastApplied}`;
    case "read":
      return `${server} is asked for a read and asks ${move.voters.join(" ")} whether it still leads`;
    default:
      return unreachable(move);
  }
}

function electionText(
  { server, voters, late }: Move & { kind: "elect" },
  { before, after, heard }: Played,
): string {
  const term = cellOf(before, server).raft.currentTerm + 1;
  const votes = heard.filter((message) => message.kind === "requestVoteReply" && !message.preVote);
  const granted = votes.filter((vote) => vote.kind === "requestVoteReply" && vote.voteGranted);
  if (granted.length === voters.length) {
    return `${server} is elected in term ${term} by ${[server, ...voters].join(" ")}`;
  }
  const asks = `${server} stands in term ${term} and asks ${voters.join(" ")}`;
  if (after === null) return asks;
  if (late === null) return `${asks}, in vain`;
  return `${asks}, but the ${late.fate === "requestLate" ? "request to" : "answer of"} ${late.voter} will be late`;
}

function replicationText(move: Move & { kind: "replicate" }, { heard }: Played): string {
  const { server, to, fate } = move;
  const request = heard[0];
  if (request === undefined) return `${server} sends to ${to}, but it will be late`;
  const sends = `${server} sends ${contentOf(request)} to ${to}`;
  switch (fate) {
    case "answered":
      return `${sends}${refusalText(heard[1])}`;
    case "unanswered":
      return `${sends}, and the answer is lost`;
    case "requestLate":
      return `${sends}, but it will be late`;
    case "replyLate":
      return `${sends}, but the answer will be late`;
    default:
      return unreachable(fate);
  }
}

function arrivalText({ server, which, fate }: Move & { kind: "arrive" }, { before, heard }: Played): string {
  const { kind, peer, payload } = [...cellOf(before, server).late][which]!;
  const [from, to] = kind === "request" ? [server, peer] : [peer, server];
  const answer = fate === "unanswered" ? ", and the answer is lost" : refusalText(heard[1]);
  return `late, ${contentOf(payload)} of term ${payload.term} from ${from} reaches ${to}${answer}`;
}

function contentOf(message: RaftMessage): string {
  switch (message.kind) {
    case "appendEntries":
      if (message.entries.length === 0) return "a heartbeat";
      return message.entries.map(({ command }) => String(command)).join(" ");
    case "installSnapshot":
      return `${message.done ? "" : "a part of "}its snapshot up to ${message.lastIncludedIndex}`;
    case "requestVote":
      return "a request for a vote";
    case "requestVoteReply":
      return message.voteGranted ? "a vote" : "a refusal";
    default:
      return "an answer";
  }
}

function refusalText(reply: RaftMessage | undefined): string {
  if (reply?.kind !== "appendEntriesReply" || reply.success) return "";
  return reply.conflict === null ? ", which refuses it" : ", whose log does not match";
}

function changesOf(
  move: Move,
  { id, raft: before, applied }: Cell,
  { raft: after, applied: now }: Cell,
): string[] {
  if (move.kind === "crash" && move.server === id) return [];
  const changes: string[] = [];
  if (move.kind !== "compact" && after.log.snapshotIndex > before.log.snapshotIndex) {
    changes.push(`${id} installs the snapshot up to ${after.log.snapshotIndex}`);
  }
  if (before.role === "leader" && after.role !== "leader") changes.push(`${id} steps down`);
  if (move.kind !== "elect" && before.role !== "leader" && after.role === "leader") {
    changes.push(`${id} leads term ${after.currentTerm}`);
  }
  if (now.length > applied.length) changes.push(`${id} applies ${now.slice(applied.length).join(" ")}`);
  return changes;
}

function cellOf({ cells }: World, id: NodeId): Cell {
  return cells.find(({ value }) => value.id === id)!.value;
}
