/** What each coarse step is made of: whose deadline passes, and which messages arrive, in which order. */

import type { Message, NodeId } from "../../src/base/index.ts";
import { unreachable } from "../../src/base/index.ts";
import type { RaftMessage } from "../../src/raft/index.ts";
import type { Spent } from "./bounds.ts";
import type { Late } from "./cell.ts";
import { costOf, type Fate, type Move } from "./move.ts";
import type { Stage, Wrong } from "./stage.ts";
import type { World } from "./world.ts";

const COMMANDS = "xyzabcdefghijklmnopqrstuvw";

export const MOST_COMMANDS = COMMANDS.length;

/** The name of the command that is proposed as number 0, 1, ... */
export function commandName(number: number): string {
  return COMMANDS[number]!;
}

/** What the move leads to; or what it breaks. */
export function play(stage: Stage, world: World, move: Move): World | Wrong {
  stage.enter(world);
  perform(stage, world.spent, move);
  return stage.leave(spentAfter(world.spent, move));
}

export function isWrong(result: World | Wrong): result is Wrong {
  return "message" in result;
}

function spentAfter(spent: Spent, move: Move): Spent {
  const cost = costOf(move);
  if (cost.length === 0) return spent;
  const after = { ...spent };
  for (const what of cost) after[what]++;
  return Object.freeze(after);
}

function perform(stage: Stage, spent: Spent, move: Move): void {
  const { server } = move;
  switch (move.kind) {
    case "elect":
      elect(stage, move);
      break;
    case "propose":
      stage.step(server, { kind: "propose", command: commandName(spent.commands) }, move.slowDisk);
      break;
    case "replicate":
      stage.step(server, { kind: "deadline" });
      exchange(stage, server, move.to, move.fate);
      break;
    case "arrive":
      arrive(stage, server, move.which, move.fate);
      break;
    case "sync":
      stage.sync(server);
      break;
    case "crash":
      stage.restart(server);
      break;
    case "compact":
      stage.compact(server);
      break;
    case "read":
      stage.read(server, spent.reads + 1);
      for (const voter of move.voters) exchange(stage, server, voter, "answered");
      break;
    default:
      unreachable(move);
  }
}

function elect(stage: Stage, { server, voters, late }: Move & { kind: "elect" }): void {
  stage.step(server, { kind: "deadline" });
  // A round of pre-votes, if there is one, and a round of votes.
  for (const isRound of [isPreVote, isVote]) {
    for (const voter of voters) {
      const fate = isRound === isVote && voter === late?.voter ? late.fate : "answered";
      exchange(stage, server, voter, fate, isRound);
    }
  }
}

function isPreVote({ payload }: Message<RaftMessage>): boolean {
  return payload.kind === "requestVote" && payload.preVote;
}

function isVote({ payload }: Message<RaftMessage>): boolean {
  return payload.kind === "requestVote" && !payload.preVote;
}

/** The oldest request on its way from one to the other, and its answer. */
function exchange(
  stage: Stage,
  caller: NodeId,
  peer: NodeId,
  fate: Fate,
  isIt: (message: Message<RaftMessage>) => boolean = () => true,
): void {
  const request = stage.take(caller, peer, (message) => message.kind === "request" && isIt(message));
  if (request === null) return;
  const { call, payload } = request;
  if (fate === "requestLate") delay(stage, caller, { kind: "request", peer, call, payload });
  else deliver(stage, caller, { kind: "request", peer, call, payload }, fate);
}

function deliver(stage: Stage, caller: NodeId, { peer, call, payload }: Late, fate: Fate): void {
  const number = call ?? 0;
  stage.step(peer, { kind: "request", from: caller, call: number, payload });
  const reply = stage.take(peer, caller, (message) => message.kind === "reply" && message.call === number);
  // A slow disk holds answers back, and in the end they are lost.
  if (reply === null || call === null || fate === "unanswered") return;
  const late: Late = { kind: "reply", peer, call, payload: reply.payload };
  if (fate === "replyLate") delay(stage, caller, late);
  else answer(stage, caller, late);
}

function answer(stage: Stage, caller: NodeId, { peer, call, payload }: Late): void {
  stage.step(caller, { kind: "reply", from: peer, call: call!, payload });
}

function delay(stage: Stage, caller: NodeId, late: Late): void {
  stage.cell(caller).late.add(Object.freeze(late));
}

function arrive(stage: Stage, caller: NodeId, which: number, fate: "answered" | "unanswered"): void {
  const { late: lates } = stage.cell(caller);
  const late = [...lates][which]!;
  lates.delete(late);
  if (late.kind === "request") deliver(stage, caller, late, fate);
  else answer(stage, caller, late);
}
