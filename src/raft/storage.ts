/**
 * Raft's persistent state (Figure 2: currentTerm, votedFor, log[]; section 7: the snapshot): the records that a server
 * writes, and the image that a disk builds from them and hands back at a restart.
 */

import type { NodeId } from "../base/index.ts";
import { bytes, type Codec, encodedSize, list, nullable, struct, text, uint } from "../codec/index.ts";
import { configurationAlone } from "./configuration.ts";
import { type Command, type Entry, RaftLog, type Snapshot } from "./log.ts";
import { entryCodec } from "./message.ts";

/** One write, atomic. The log part replaces everything from `from` on; without a log change it is an empty tail. */
export interface RaftRecord {
  readonly currentTerm: number;
  readonly votedFor: NodeId | null;
  /** A new snapshot, which comes before the log part; null if the last one stands. */
  readonly snapshot: Snapshot | null;
  readonly from: number;
  readonly entries: readonly Entry[];
}

/** What a server finds on its disk. */
export interface RaftImage {
  currentTerm: number;
  votedFor: NodeId | null;
  snapshot: Snapshot | null;
  readonly log: RaftLog;
  /** Entries of which the disk has kept no more than index and term: the log has LOST there. None, if not said. */
  readonly lost?: ReadonlySet<number>;
}

/** How a disk keeps it. */
export const raftStorage = {
  empty: (): RaftImage => ({ currentTerm: 0, votedFor: null, snapshot: null, log: new RaftLog() }),
  write(image: RaftImage, { currentTerm, votedFor, snapshot, from, entries }: RaftRecord): void {
    image.currentTerm = currentTerm;
    image.votedFor = votedFor;
    if (snapshot !== null) {
      image.snapshot = snapshot;
      image.log.replaceUpTo(snapshot.index, snapshot.term);
    }
    image.log.truncateFrom(from);
    for (const entry of entries) image.log.append(entry);
  },
};

export function raftRecordCodec(command: Codec<Command>): Codec<RaftRecord> {
  return struct({
    currentTerm: uint,
    votedFor: nullable(text),
    snapshot: nullable(
      struct({ index: uint, term: uint, configuration: nullable(configurationAlone), data: bytes }),
    ),
    from: uint,
    entries: list(entryCodec(command)),
  });
}

/** What the Go labs call the raft state's size: everything persistent but the snapshot, in bytes. */
export function raftStateSize(image: RaftImage, command: Codec<Command>): number {
  const { currentTerm, votedFor, log } = image;
  const entries = log.slice(log.snapshotIndex + 1, log.lastIndex);
  const record = { currentTerm, votedFor, snapshot: null, from: log.snapshotIndex + 1, entries };
  return encodedSize(raftRecordCodec(command), record);
}
