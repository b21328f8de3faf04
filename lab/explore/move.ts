/** The coarse steps that a world may take next. Everything between two of them is quiet. */

import type { NodeId } from "../../src/base/index.ts";
import { type Allowance, affords, type Bounds } from "./bounds.ts";
import type { Cell } from "./cell.ts";
import type { World } from "./world.ts";

/** What becomes of a request: the answer comes back, or is lost, or one of the two comes late. */
export type Fate = "answered" | "unanswered" | "requestLate" | "replyLate";

export type Move =
  /** Its election timeout has passed, and it asks these; one of them has another fate than an answer. */
  | {
      readonly kind: "elect";
      readonly server: NodeId;
      readonly voters: readonly NodeId[];
      readonly late: { readonly voter: NodeId; readonly fate: "requestLate" | "replyLate" } | null;
    }
  | { readonly kind: "propose"; readonly server: NodeId; readonly slowDisk: boolean }
  /** Its heartbeat reaches this follower, with whatever that lacks. */
  | { readonly kind: "replicate"; readonly server: NodeId; readonly to: NodeId; readonly fate: Fate }
  /** A late message of a call by this server. */
  | {
      readonly kind: "arrive";
      readonly server: NodeId;
      readonly which: number;
      readonly fate: "answered" | "unanswered";
    }
  /** The disk has done the oldest write. */
  | { readonly kind: "sync"; readonly server: NodeId }
  | { readonly kind: "crash"; readonly server: NodeId }
  | { readonly kind: "compact"; readonly server: NodeId }
  | { readonly kind: "read"; readonly server: NodeId; readonly voters: readonly NodeId[] };

/** What of the bounds it uses up. */
export function costOf(move: Move): readonly Allowance[] {
  switch (move.kind) {
    case "propose":
      return move.slowDisk ? ["commands", "stalls"] : ["commands"];
    case "elect":
      return move.late === null ? [] : ["delays"];
    case "replicate":
      return COST_OF_FATE[move.fate];
    case "crash":
      return ["crashes"];
    case "compact":
      return ["compactions"];
    case "read":
      return ["reads"];
    case "arrive":
      return COST_OF_FATE[move.fate];
    case "sync":
      return [];
  }
}

const COST_OF_FATE: Readonly<Record<Fate, readonly Allowance[]>> = {
  answered: [],
  unanswered: ["losses"],
  requestLate: ["delays"],
  replyLate: ["delays"],
};

/** Always in the same order. */
export function movesOf(world: World, bounds: Bounds): readonly Move[] {
  const ids = world.cells.map(({ value }) => value.id);
  const moves = world.cells.flatMap(({ value }) => movesFrom(value, ids, bounds));
  return moves.filter((move) => costOf(move).every((what) => affords(bounds, world.spent, what)));
}

function movesFrom(cell: Cell, ids: readonly NodeId[], bounds: Bounds): readonly Move[] {
  const { id: server, raft, writes } = cell;
  const peers = ids.filter((id) => id !== server);
  const moves: Move[] =
    raft.role === "leader" ? movesOfLeader(server, peers) : elections(cell, peers, bounds);
  if (writes.length > 0) moves.push({ kind: "sync", server });
  if (raft.lastApplied > raft.log.snapshotIndex) moves.push({ kind: "compact", server });
  for (const [which, late] of [...cell.late].entries()) {
    moves.push({ kind: "arrive", server, which, fate: "answered" });
    if (late.kind === "request" && late.call !== null)
      moves.push({ kind: "arrive", server, which, fate: "unanswered" });
  }
  moves.push({ kind: "crash", server });
  return moves;
}

const FATES: readonly Fate[] = ["answered", "unanswered", "requestLate", "replyLate"];

function movesOfLeader(server: NodeId, peers: readonly NodeId[]): Move[] {
  return [
    { kind: "propose", server, slowDisk: false },
    ...peers.flatMap((to) => FATES.map((fate): Move => ({ kind: "replicate", server, to, fate }))),
    { kind: "propose", server, slowDisk: true },
    ...minorities(peers).map((voters): Move => ({ kind: "read", server, voters })),
  ];
}

function elections({ id: server, raft }: Cell, peers: readonly NodeId[], { terms }: Bounds): Move[] {
  if (raft.currentTerm >= terms || raft.deadline === null) return [];
  return minorities(peers).flatMap((voters): Move[] => [
    { kind: "elect", server, voters, late: null },
    ...voters.flatMap((voter): Move[] => [
      { kind: "elect", server, voters, late: { voter, fate: "requestLate" } },
      { kind: "elect", server, voters, late: { voter, fate: "replyLate" } },
    ]),
  ]);
}

/** The sets of others that with one server more are just a majority. */
function minorities(peers: readonly NodeId[]): readonly (readonly NodeId[])[] {
  return chosen(Math.floor((peers.length + 1) / 2), peers);
}

function chosen<T>(count: number, items: readonly T[]): readonly (readonly T[])[] {
  if (count === 0) return [[]];
  return items.flatMap((first, i) => chosen(count - 1, items.slice(i + 1)).map((rest) => [first, ...rest]));
}
