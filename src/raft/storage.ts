/**
 * Raft's persistent state (Figure 2: currentTerm, votedFor, log[]): the records that a server writes, and the image
 * that a disk builds from them and hands back at a restart.
 */

import type { NodeId } from "../base/index.ts";
import { type Codec, list, nullable, struct, text, uint } from "../codec/index.ts";
import type { Command, Entry } from "./log.ts";

/** One write. The log part replaces everything from `from` on; without a log change it is an empty tail. */
export interface RaftRecord {
  readonly currentTerm: number;
  readonly votedFor: NodeId | null;
  readonly from: number;
  readonly entries: readonly Entry[];
}

/** What a server finds on its disk. */
export interface RaftImage {
  currentTerm: number;
  votedFor: NodeId | null;
  entries: Entry[];
}

/** How a disk keeps it. */
export const raftStorage = {
  empty: (): RaftImage => ({ currentTerm: 0, votedFor: null, entries: [] }),
  write(image: RaftImage, record: RaftRecord): void {
    image.currentTerm = record.currentTerm;
    image.votedFor = record.votedFor;
    if (record.from <= image.entries.length) image.entries.length = record.from - 1;
    for (const entry of record.entries) image.entries.push(entry);
  },
};

export function raftRecordCodec(command: Codec<Command>): Codec<RaftRecord> {
  return struct({
    currentTerm: uint,
    votedFor: nullable(text),
    from: uint,
    entries: list(struct({ term: uint, command })),
  });
}
