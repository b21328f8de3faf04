/** One step of a path in words, from what it changed: a script that a person can follow with the paper in hand. */

import { type NodeId, unreachable } from "../../src/base/index.ts";
import type { RaftLog } from "../../src/raft/index.ts";
import type { Cell } from "./cell.ts";
import type { Fate, Move } from "./move.ts";
import { commandName } from "./play.ts";
import type { World } from "./world.ts";

/** `after` is null if something went wrong in this step: then there is no more to tell than what was tried. */
export function sentenceOf(move: Move, before: World, after: World | null): string {
  const deed = deedOf(move, before, after);
  if (after === null) return deed;
  const changes = before.cells.flatMap(({ value }, i) => changesOf(move, value, after.cells[i]!.value));
  return [deed, ...changes].join("; ");
}

function deedOf(move: Move, before: World, after: World | null): string {
  const { server } = move;
  switch (move.kind) {
    case "elect":
      return electionText(move, before, after);
    case "propose":
      return `${server} takes ${commandName(before.spent.commands)}${move.slowDisk ? ", and its disk is slow" : ""}`;
    case "replicate": {
      const { to, fate } = move;
      return `${server} sends ${loadText(cellOf(before, server), cellOf(before, to))} to ${to}${FATE_TEXT[fate]}`;
    }
    case "arrive":
      return arrivalText(move, before);
    case "sync":
      return `the disk of ${server} has written`;
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

const FATE_TEXT: Readonly<Record<Fate, string>> = {
  answered: "",
  unanswered: ", and the answer is lost",
  requestLate: ", but it will be late",
  replyLate: ", but the answer will be late",
};

function electionText({ server, voters, late }: Move & { kind: "elect" }, before: World, after: World | null) {
  const others = voters.join(" ");
  const { raft } = cellOf(before, server);
  const term = raft.currentTerm + 1;
  const isElected = after === null || cellOf(after, server).raft.role === "leader";
  if (isElected) return `${server} is elected in term ${term} by ${[server, ...voters].join(" ")}`;
  const stands = `${server} stands in term ${term} and asks ${others}`;
  if (late === null) return `${stands}, in vain`;
  return `${stands}, but the ${late.fate === "requestLate" ? "request to" : "answer of"} ${late.voter} will be late`;
}

function arrivalText({ server, which, fate }: Move & { kind: "arrive" }, before: World): string {
  const { kind, peer, payload } = [...cellOf(before, server).late][which]!;
  const lost = fate === "unanswered" ? ", and the answer is lost" : "";
  const what = `${payload.kind === "requestVoteReply" ? "vote" : payload.kind} of term ${payload.term}`;
  return kind === "request"
    ? `late, the ${what} from ${server} reaches ${peer}${lost}`
    : `late, the ${what} from ${peer} reaches ${server}`;
}

/** What the follower has yet to get, as far as a look from outside can tell. */
function loadText({ raft: leader }: Cell, { raft: follower }: Cell): string {
  const missing = missingFrom(leader.log, follower.log);
  return missing.length === 0 ? "a heartbeat" : missing.join(" ");
}

function missingFrom(log: RaftLog, other: RaftLog): readonly string[] {
  const missing: string[] = [];
  for (let index = log.snapshotIndex + 1; index <= log.lastIndex; index++) {
    const isThere = other.has(index) && other.termAt(index) === log.termAt(index);
    if (!isThere && index > other.snapshotIndex) missing.push(String(log.entryAt(index).command));
  }
  return missing;
}

function changesOf(move: Move, { id, raft: before, applied }: Cell, { raft: after, applied: now }: Cell): string[] {
  if (move.kind === "crash" && move.server === id) return [];
  const changes: string[] = [];
  if (after.log.snapshotIndex > before.log.snapshotIndex && move.kind !== "compact")
    changes.push(`${id} installs the snapshot up to ${after.log.snapshotIndex}`);
  const got = move.kind === "propose" || move.kind === "compact" ? [] : missingFrom(after.log, before.log);
  if (got.length > 0) changes.push(`${id} has ${got.join(" ")}`);
  if (before.role === "leader" && after.role !== "leader") changes.push(`${id} steps down`);
  if (move.kind !== "elect" && before.role !== "leader" && after.role === "leader")
    changes.push(`${id} leads term ${after.currentTerm}`);
  if (now.length > applied.length) changes.push(`${id} applies ${now.slice(applied.length).join(" ")}`);
  return changes;
}

function cellOf({ cells }: World, id: NodeId): Cell {
  return cells.find(({ value }) => value.id === id)!.value;
}
