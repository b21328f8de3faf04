/**
 * A simulated disk. Writes are ordered, take time, and are durable only when an fsync that began after them has
 * ended; a crash loses what was not, or keeps a first part of it, as a real disk may.
 */

import type { Duration, KeyedRandom, NodeId, Persist } from "../../src/base/index.ts";
import type { Chance } from "./chance.ts";

/** How a disk turns records into what a server finds at its restart. */
export interface Storage<DiskRecord, Image> {
  empty(): Image;
  write(image: Image, record: DiskRecord): void;
}

export interface DiskTiming {
  /** The time to write one record, before jitter. */
  readonly write: Duration;
  /** The time that one fsync takes, before jitter. */
  readonly fsync: Duration;
}

/** Those of a data-centre SSD; each takes up to twice as long. */
export const defaultDiskTiming: DiskTiming = { write: 20, fsync: 400 };

const WRITE_JITTER = 0;
const SURVIVORS = 1;

/** The class of a disk: this one, or one with a fault of its own. */
export type DiskClass<Payload, DiskRecord, Image> = new (
  owner: NodeId,
  storage: Storage<DiskRecord, Image>,
  timing: DiskTiming,
  random: KeyedRandom,
  chance: Chance<never> | null,
) => Disk<Payload, DiskRecord, Image>;

export class Disk<Payload, DiskRecord, Image> {
  private readonly owner: NodeId;
  private readonly chance: Chance<never> | null;
  protected readonly storage: Storage<DiskRecord, Image>;
  private readonly timing: DiskTiming;
  protected readonly random: KeyedRandom;
  /** What is durable. */
  readonly image: Image;
  /** Written but not yet durable, oldest first. The first `syncing` of them are covered by the fsync under way. */
  protected queue: Persist<Payload, DiskRecord>[] = [];
  private syncing = 0;
  private syncs = 0;
  protected crashes = 0;
  /** Unsynced records that crashes have lost. */
  lost = 0;

  constructor(
    owner: NodeId,
    storage: Storage<DiskRecord, Image>,
    timing: DiskTiming,
    random: KeyedRandom,
    chance: Chance<never> | null,
  ) {
    this.owner = owner;
    this.chance = chance;
    this.storage = storage;
    this.timing = timing;
    this.random = random;
    this.image = storage.empty();
  }

  get busy(): boolean {
    return this.syncing > 0;
  }

  write(persist: Persist<Payload, DiskRecord>): void {
    this.queue.push(persist);
  }

  /** Begins an fsync that covers all that was written so far. Returns how long it takes; null if there is nothing. */
  beginSync(): Duration | null {
    if (this.busy || this.queue.length === 0) return null;
    this.syncing = this.queue.length;
    const least = this.timing.fsync + this.syncing * this.timing.write;
    const drawn = this.random.below(least + 1, this.syncs++, WRITE_JITTER);
    return least + (this.chance === null ? drawn : this.chance.syncJitter(drawn));
  }

  /** The fsync has ended: these are durable, in order. */
  endSync(): readonly Persist<Payload, DiskRecord>[] {
    const durable = this.queue.slice(0, this.syncing);
    this.queue = this.queue.slice(this.syncing);
    this.syncing = 0;
    this.keep(durable);
    return durable;
  }

  /**
   * Power loss. Of the unsynced writes a first part is on the disk all the same: `kept` of them, or if that is null, as
   * many as are drawn, often none and sometimes all.
   */
  crash(kept: number | null): void {
    const unsynced = this.queue.length;
    const drawn = this.random.below(unsynced + 1, this.crashes++, SURVIVORS);
    const decided =
      this.chance === null ? drawn : this.chance.survivors(this.owner, this.crashes, unsynced, drawn);
    const survivors = kept === null ? decided : Math.min(kept, unsynced);
    this.keep(this.queue.slice(0, survivors));
    for (const { record } of this.queue.slice(survivors)) if (record !== null) this.lost++;
    this.queue = [];
    this.syncing = 0;
  }

  protected keep(persists: readonly Persist<Payload, DiskRecord>[]): void {
    for (const { record } of persists) if (record !== null) this.storage.write(this.image, record);
  }
}
