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
  /** Into how many parts power loss may cut this write, and the write of so many of them and half of the next. */
  parts?(record: DiskRecord): number;
  tear?(image: Image, record: DiskRecord, parts: number): void;
  /** What a server finds when it reads all of it; the image itself, if not said. */
  open?(image: Image): Image;
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
const TEAR = 2;

/** Writes under way, of 1000, that a crash cuts in the middle, where the storage lets itself be cut. */
const TORN = 500;

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
  image: Image;
  /** Written but not yet durable, oldest first. The first `syncing` of them are covered by the fsync under way. */
  protected queue: Persist<Payload, DiskRecord>[] = [];
  private syncing = 0;
  private syncs = 0;
  protected crashes = 0;
  /** Unsynced records that crashes have lost. */
  lost = 0;
  /** Writes that crashes have cut in the middle. */
  torn = 0;
  /** Fsyncs that have failed. */
  failed = 0;
  /** The next fsync fails. */
  isFailing = false;

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

  /** What a server finds on it. */
  open(): Image {
    return this.storage.open?.(this.image) ?? this.image;
  }

  /** The fsync has ended: these are durable, in order. Null: it has failed. */
  endSync(): readonly Persist<Payload, DiskRecord>[] | null {
    if (this.isFailing) {
      this.isFailing = false;
      this.failed++;
      return this.failedSync();
    }
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
    const cut = this.queue[survivors]?.record ?? null;
    if (cut !== null) this.tear(cut);
    for (const { record } of this.queue.slice(survivors)) if (record !== null) this.lost++;
    this.queue = [];
    this.syncing = 0;
  }

  /** What a failed fsync has written nobody knows, so nobody may go on from it (Rebello et al., ATC 2020). */
  protected failedSync(): readonly Persist<Payload, DiskRecord>[] | null {
    return null;
  }

  /** The first write that a crash has lost may be there in part. */
  private tear(record: DiskRecord): void {
    const parts = this.storage.parts?.(record) ?? 0;
    if (parts === 0 || this.random.below(1000, this.crashes, TEAR) >= TORN) return;
    this.storage.tear?.(this.image, record, this.random.below(parts, -this.crashes, TEAR));
    this.torn++;
  }

  protected keep(persists: readonly Persist<Payload, DiskRecord>[]): void {
    for (const { record } of persists) if (record !== null) this.storage.write(this.image, record);
  }
}
