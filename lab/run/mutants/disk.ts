/** Deliberate bugs below Raft: disks that lie, and files that are not written as a whole. */

import { type RaftImage, type RaftRecord, raftStorage } from "../../../src/raft/index.ts";
import { FsyncLies, type RaftDisk } from "../../cluster/index.ts";
import { Disk } from "../../sim/index.ts";
import type { Entry } from "./mutant.ts";

/** Writes in any order: a crash leaves a later record and not an earlier one. */
class WritesReordered<Payload> extends Disk<Payload, RaftRecord, RaftImage> {
  override crash(kept: number | null): void {
    const [first, ...others] = this.queue;
    if (first !== undefined) this.queue = [...others, first];
    super.crash(kept);
  }
}

/** The snapshot and the log are two files: a crash leaves the log cut and the old snapshot. */
class SnapshotNotAtomic<Payload> extends Disk<Payload, RaftRecord, RaftImage> {
  override crash(kept: number | null): void {
    const torn = this.queue.find(({ record }) => (record?.snapshot ?? null) !== null);
    super.crash(kept);
    const { snapshot } = torn?.record ?? { snapshot: null };
    if (snapshot !== null && snapshot.index > this.image.log.snapshotIndex)
      this.image.log.replaceUpTo(snapshot.index, snapshot.term);
  }
}

/** Overwrites the file from where the record begins, and leaves what stood behind its end. */
const tailKept: typeof raftStorage = {
  ...raftStorage,
  write(image, record) {
    const { log } = image;
    const end = record.from + record.entries.length;
    const tail = record.entries.length > 0 && end <= log.lastIndex ? log.slice(end, log.lastIndex) : [];
    raftStorage.write(image, record);
    for (const entry of tail) log.append(entry);
  },
};

/** Cuts the log for a snapshot and does not store it. */
const snapshotNotStored: typeof raftStorage = {
  ...raftStorage,
  write(image, record) {
    const { snapshot } = image;
    raftStorage.write(image, record);
    image.snapshot = snapshot;
  },
};

/** Takes up writing behind the last entry, wherever the record belongs. */
const appendedAtEnd: typeof raftStorage = {
  ...raftStorage,
  write(image, record) {
    const { lastIndex } = image.log;
    raftStorage.write(image, { ...record, from: Math.max(record.from, lastIndex + 1) });
  },
};

export const diskMutants: readonly Entry[] = [
  {
    name: "fsyncLies",
    breaks: "a disk acknowledges what is only in its cache",
    source: "Jepsen's report on NATS 2.12.1; Rebello et al., ATC 2020, on fsync",
    oracle: "durability law",
    also: ["match is durable", "committed is durable"],
    part: { Disk: FsyncLies satisfies RaftDisk },
  },
  {
    name: "writesReordered",
    breaks: "a crash leaves a later write and not an earlier one",
    source: "Pillai et al., OSDI 2014, on the order of writes",
    oracle: "log matching",
    part: { Disk: WritesReordered satisfies RaftDisk },
  },
  {
    name: "snapshotNotAtomic",
    breaks: "section 7: a crash leaves the log cut, without snapshot",
    source: "Students' Guide to Raft; LogCabin's and braft's notes",
    oracle: "history",
    also: ["state agreement", "session agreement"],
    part: { Disk: SnapshotNotAtomic satisfies RaftDisk },
  },
  {
    name: "tailKept",
    breaks: "a log file keeps what stood behind a shorter write",
    source: "hashicorp/raft: truncation and append are two steps",
    oracle: "log matching",
    part: { storage: tailKept },
  },
  {
    name: "snapshotNotStored",
    breaks: "section 7: the log is cut, the snapshot not stored",
    source: "paper, Figure 13, rule 5",
    oracle: "state agreement",
    also: ["history"],
    part: { storage: snapshotNotStored },
  },
  {
    name: "appendedAtEnd",
    breaks: "a log file grows where it should be overwritten",
    source: "hashicorp/raft: truncation fails and is ignored",
    oracle: "committed is durable",
    also: ["match is durable", "log matching", "durability law"],
    part: { storage: appendedAtEnd },
  },
];
