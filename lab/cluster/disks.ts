/**
 * What the servers' disks do. A sound one loses unsynced writes in a crash, and nothing else. A faulty one also does what
 * the servers are built for. The others break what every replicated store takes for granted: no server can be built for
 * them, but some of what they do it can find out.
 */

import type { Persist } from "../../src/base/index.ts";
import type { RaftImage, RaftRecord } from "../../src/raft/index.ts";
import { Disk } from "../sim/index.ts";
import { SealedStorage } from "./sealed.ts";
import type { RaftDisk } from "./system.ts";

/**
 * Sound; faulty within the model: cut writes, failed fsyncs, rot; or beyond it: an fsync that lies, a crash that wipes the
 * disk, a write that lands in another's place.
 */
export const DISKS = ["sound", "faulty", "lying", "wiped", "misdirected"] as const;

export type Disks = (typeof DISKS)[number];

/** The class of such disks; null where it is that of the system under test. */
export function diskClassOf(disks: Disks): RaftDisk | null {
  if (disks === "lying") return FsyncLies;
  if (disks === "wiped") return Wiped;
  return disks === "misdirected" ? Misdirected : null;
}

/** Says that a write is durable when it is in the disk's cache: the latest one is lost in a crash. */
export class FsyncLies<Payload> extends Disk<Payload, RaftRecord, RaftImage> {
  private cached: readonly Persist<Payload, RaftRecord>[] = [];

  protected override keep(persists: readonly Persist<Payload, RaftRecord>[]): void {
    super.keep(this.cached);
    this.cached = persists;
  }

  override crash(kept: number | null): void {
    this.cached = [];
    super.crash(kept);
    this.cached = [];
  }
}

/** Of 1000 crashes, and of 1000 writes. */
const WIPES = 200;
const STRAYS = 10;

/** Purposes of draws, beside those of every disk. */
const WIPE = 10;
const STRAY = 11;

/** Comes back from a crash as it came from the factory. */
class Wiped<Payload> extends Disk<Payload, RaftRecord, RaftImage> {
  override crash(kept: number | null): void {
    super.crash(kept);
    if (this.random.below(1000, this.crashes, WIPE) < WIPES) this.image = this.storage.empty();
  }
}

/** Writes the last entry of a record where an earlier one stands. */
class Misdirected<Payload> extends Disk<Payload, RaftRecord, RaftImage> {
  private writes = 0;

  protected override keep(persists: readonly Persist<Payload, RaftRecord>[]): void {
    super.keep(persists);
    const isStray = this.random.below(1000, this.writes++, STRAY) < STRAYS;
    if (isStray && this.storage instanceof SealedStorage) this.storage.misdirect(this.image);
  }
}
