/** One server between two steps of an exploration: the actor itself, its disk, and what of its calls is under way. */

import type { NodeId, Persist } from "../../src/base/index.ts";
import { Digest } from "../../src/base/index.ts";
import type { Raft, RaftImage, RaftMessage, RaftRecord } from "../../src/raft/index.ts";
import { mix, seal, type View } from "./fingerprint.ts";

/** A message of a call by this server that will arrive late. The network has no order, so these have none. */
export interface Late {
  readonly kind: "request" | "reply";
  /** Whom the server has called. */
  readonly peer: NodeId;
  /** Null for a request of an earlier life: its answer finds nobody. */
  readonly call: number | null;
  readonly payload: RaftMessage;
}

export interface Cell {
  readonly id: NodeId;
  raft: Raft;
  readonly image: RaftImage;
  /** Written but not yet durable, oldest first. */
  writes: Persist<RaftMessage, RaftRecord>[];
  durableMark: number;
  late: Set<Late>;
  /** The state machine: every command that it was given, in order. */
  applied: string[];
  /** Reads that wait: how many commands anybody had applied when each was asked for. */
  reads: Map<number, number>;
}

/** `labels` renames the servers. */
export function mixCell(digest: Digest, cell: Cell, labels: ReadonlyMap<NodeId, number>): void {
  const { id, raft, image, writes, late, applied, reads, durableMark } = cell;
  const openCalls = [...late].flatMap(({ peer, call }) => (call === null ? [] : [{ peer, call }]));
  openCalls.sort((a, b) => a.call - b.call);
  // biome-ignore lint/complexity/useLiteralKeys: private, and nobody but a digest has a use for it.
  const proofAfter = raft["readRound"]?.afterCall ?? null;
  const openMarks = [durableMark, ...writes.map(({ mark }) => mark)];
  const view: View = { labels, openCalls, proofAfter, openMarks };
  mix(digest, id, view);
  mix(digest, { raft, image, writes, applied, reads, late: lateByPeer(cell, proofAfter) }, view);
}

/** Each with what its arrival could mean. */
function lateByPeer(
  { raft, late }: Cell,
  proofAfter: number | null,
): ReadonlyMap<NodeId, ReadonlySet<object>> {
  const byPeer = new Map<NodeId, Set<object>>();
  for (const message of late) {
    const { peer, call } = message;
    // biome-ignore lint/complexity/useLiteralKeys: protected, as above.
    const isOfThisRole = call !== null && call >= raft["firstCallOfRole"];
    const isProof = call !== null && proofAfter !== null && call > proofAfter;
    byPeer.set(peer, (byPeer.get(peer) ?? new Set()).add({ message, isOfThisRole, isProof }));
  }
  return byPeer;
}

/** What never changes, with its digest under every renaming of the servers, each found when it is asked for. */
export class Part<T> {
  readonly value: T;
  private readonly mixValue: (digest: Digest, value: T, labels: ReadonlyMap<NodeId, number>) => void;
  private readonly digests: (Digest | undefined)[] = [];

  constructor(value: T, mixValue: Part<T>["mixValue"]) {
    this.value = value;
    this.mixValue = mixValue;
  }

  /** `renaming` is the number of `labels`. */
  digest(renaming: number, labels: ReadonlyMap<NodeId, number>): Digest {
    const known = this.digests[renaming];
    if (known !== undefined) return known;
    const digest = new Digest();
    this.mixValue(digest, this.value, labels);
    seal(digest);
    this.digests[renaming] = digest;
    return digest;
  }
}
