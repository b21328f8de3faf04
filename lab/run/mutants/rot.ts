/** Deliberate bugs where disks fail: what servers do with what they find there (Alagappan et al., FAST 2018). */

import type { Persist } from "../../../src/base/index.ts";
import { DecodeError, decode } from "../../../src/codec/index.ts";
import { Raft, type RaftImage, type RaftRecord } from "../../../src/raft/index.ts";
import { intendedSeals, type RaftDisk, type Seals } from "../../cluster/index.ts";
import { Disk } from "../../sim/index.ts";
import type { Entry } from "./mutant.ts";

/** Votes while part of its log is lost. */
class VoteBeforeRepair extends Raft {
  protected override mayVote(): boolean {
    return true;
  }
}

/** Goes on after a failed fsync, whose pages the cache has dropped and calls clean. */
class FailedFsyncIgnored<Payload> extends Disk<Payload, RaftRecord, RaftImage> {
  protected override failedSync(): readonly Persist<Payload, RaftRecord>[] {
    const dropped = this.queue;
    this.queue = [];
    this.endSync();
    return dropped;
  }
}

/** Takes a rotted entry for one that a crash has cut, and the log for ended. */
const rottedTakenForTorn: Seals = {
  ...intendedSeals,
  unseal(sealed, codec) {
    const found = intendedSeals.unseal(sealed, codec);
    return found.kind === "rotted" ? { kind: "torn" } : found;
  },
};

/** Reads entries and does not look at their checksums. */
const checksumNotChecked: Seals = {
  ...intendedSeals,
  unseal(sealed, codec) {
    const found = intendedSeals.unseal(sealed, codec);
    if (found.kind !== "rotted") return found;
    const { index, term } = found;
    try {
      return { kind: "intact", index, entry: { term, command: decode(codec, sealed.content) } };
    } catch (error) {
      // What is no command at all it notices.
      if (error instanceof DecodeError) return found;
      throw error;
    }
  },
};

const needs = { disks: "faulty" } as const;

export const rotMutants: readonly Entry[] = [
  {
    name: "voteBeforeRepair",
    breaks: "FAST 2018: votes while part of the log is lost",
    source: "Alagappan et al., FAST 2018, section 3.4",
    oracle: "repair law",
    needs,
    part: { Raft: VoteBeforeRepair },
  },
  {
    name: "rottedTakenForTorn",
    breaks: "FAST 2018: what has rotted is cut off the log",
    source: "Alagappan et al., FAST 2018, table 1: truncate",
    oracle: "match is durable",
    also: ["leader completeness", "committed is durable", "repair law", "history"],
    needs,
    part: { seals: rottedTakenForTorn },
  },
  {
    name: "checksumNotChecked",
    breaks: "FAST 2018: entries are read, whatever they are",
    source: "Ganesan et al., FAST 2017: no detection",
    oracle: "log matching",
    also: ["repair law", "state machine safety", "history"],
    needs,
    part: { seals: checksumNotChecked },
  },
  {
    name: "failedFsyncIgnored",
    breaks: "a failed fsync is taken for a successful one",
    source: "Rebello et al., ATC 2020; PostgreSQL's fsyncgate, 2018",
    oracle: "durability law",
    also: ["match is durable", "committed is durable", "log matching"],
    needs,
    part: { Disk: FailedFsyncIgnored satisfies RaftDisk },
  },
];
