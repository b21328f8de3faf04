/**
 * A disk on which things go wrong that a server can find out: every entry of the log also stands there as bytes under
 * checksums, and what a server finds when it starts is read from those. Crashes cut writes, and synced entries rot.
 */

import { assert, type NodeId } from "../../src/base/index.ts";
import type { Codec } from "../../src/codec/index.ts";
import { commandCodec } from "../../src/kv/index.ts";
import {
  type Entry,
  LOST,
  type RaftImage,
  type RaftRecord,
  type Sealed,
  seal,
  strayWrite,
  unseal,
} from "../../src/raft/index.ts";
import type { Storage } from "../sim/index.ts";

/** How entries are written and read: a part of the system under test. */
export interface Seals {
  readonly seal: typeof seal;
  readonly unseal: typeof unseal;
}

export const intendedSeals: Seals = { seal, unseal };

export interface SealedImage extends RaftImage {
  /** The log, by index, as it stands on the disk. */
  readonly seals: Map<number, Sealed>;
  /** What has rotted and was not written again: nobody but the lab knows it before somebody reads. */
  readonly rotted: Set<number>;
  lost: ReadonlySet<number>;
  /** Who has started on it; null: nobody yet. */
  owner: NodeId | null;
}

const codec = commandCodec as Codec<unknown>;

/** The same storage with bytes under it. */
export class SealedStorage implements Storage<RaftRecord, RaftImage> {
  private readonly plain: Storage<RaftRecord, RaftImage>;
  private readonly seals: Seals;

  constructor(plain: Storage<RaftRecord, RaftImage>, seals: Seals) {
    this.plain = plain;
    this.seals = seals;
  }

  empty(): SealedImage {
    return { ...this.plain.empty(), seals: new Map(), rotted: new Set(), lost: new Set(), owner: null };
  }

  write(image: RaftImage, record: RaftRecord): void {
    this.writeUpTo(image, record, record.from + record.entries.length);
  }

  /** Power went in the middle of this write: `entries` of its entries are whole, and the next one has no identity. */
  tear(image: RaftImage, record: RaftRecord, entries: number): void {
    const cut = record.entries[entries];
    if (cut === undefined) return;
    const index = record.from + entries;
    const whole = record.entries.slice(0, entries);
    const standing = standingFrom(image, index, cut);
    this.writeUpTo(image, { ...record, entries: [...whole, ...standing] }, index);
    if (standing.length > 0) return;
    const { content } = this.seals.seal(index, cut, codec);
    sealedOf(image).seals.set(index, { content: content.subarray(0, content.length >> 1), identity: null });
  }

  /** Of the record's entries, those from `end` on are known to stand there already. */
  private writeUpTo(image: RaftImage, record: RaftRecord, end: number): void {
    this.plain.write(image, record);
    const { log, seals, rotted } = sealedOf(image);
    for (const index of rotted)
      if (index <= log.snapshotIndex || index > log.lastIndex || (index >= record.from && index < end))
        rotted.delete(index);
    for (const index of seals.keys())
      if (index <= log.snapshotIndex || index > log.lastIndex) seals.delete(index);
    for (let index = Math.max(record.from, log.snapshotIndex + 1); index < end; index++) {
      const entry = log.entryAt(index);
      // Of this one the writer knew the identity alone, and that stands as it stood.
      if (entry.command === LOST) rotted.add(index);
      else seals.set(index, this.seals.seal(index, entry, codec));
    }
  }

  /** How many entries a write has that may be cut. */
  parts({ snapshot, entries }: RaftRecord): number {
    return snapshot === null ? entries.length : 0;
  }

  /** Reads the whole log. What has rotted stands in it as LOST, and what a crash has cut does not stand in it. */
  open(image: RaftImage): SealedImage {
    const sealed = sealedOf(image);
    const { log, seals, rotted } = sealed;
    const lost = new Set<number>();
    let index = log.snapshotIndex + 1;
    for (; index <= log.lastIndex; index++) {
      const found = this.seals.unseal(seals.get(index)!, codec);
      if (found.kind === "torn") break;
      if (found.index !== index) throw strayWrite(sealed.owner, index, found.index);
      if (found.kind === "rotted") lost.add(index);
      // What is intact is what stands in the log already.
      if (found.kind === "rotted") log.restore(index, { term: found.term, command: LOST });
      else if (rotted.has(index)) log.restore(index, found.entry);
    }
    log.truncateFrom(index);
    for (const each of seals.keys()) if (each >= index) seals.delete(each);
    sealed.lost = lost;
    return sealed;
  }

  /** The last entry was written where the one before it stood, and nothing where it belongs. */
  misdirect(image: RaftImage): void {
    const { log, seals } = sealedOf(image);
    const index = log.lastIndex;
    if (index < log.snapshotIndex + 2) return;
    seals.set(index - 1, seals.get(index)!);
    seals.set(index, { content: new Uint8Array(), identity: null });
  }

  /** A bit of a synced entry flips: of the last, or of one so many before it. Returns which; null if there is none. */
  rot(image: RaftImage, fromEnd: number): number | null {
    const { log, seals, rotted } = sealedOf(image);
    const count = log.lastIndex - log.snapshotIndex;
    if (count === 0) return null;
    const index = log.lastIndex - (fromEnd % count);
    // The same bit a second time would make it whole.
    if (rotted.has(index)) return null;
    const { content, identity } = seals.get(index)!;
    const flipped = content.slice();
    flipped[flipped.length - 1]! ^= 1;
    seals.set(index, { content: flipped, identity });
    rotted.add(index);
    return index;
  }
}

/**
 * What a write leaves alone that was cut before this entry. Whoever repairs its log writes all behind the repaired place
 * again: over the same bytes, of which no cut can take anything.
 */
function standingFrom({ log }: RaftImage, index: number, { term }: Entry): readonly Entry[] {
  const isThere = index > log.snapshotIndex && index <= log.lastIndex && log.termAt(index) === term;
  return isThere ? log.slice(index, log.lastIndex) : [];
}

function sealedOf(image: RaftImage): SealedImage {
  assert("seals" in image, "this disk keeps no entries as bytes");
  return image as SealedImage;
}

/** Before a server's first start: from now on its disk is known to be its own. */
export function mark(image: RaftImage, owner: NodeId): void {
  if ("seals" in image) (image as SealedImage).owner = owner;
}

/** False of a disk that was marked and has lost even that. */
export function isMarked(image: RaftImage): boolean {
  return !("seals" in image) || (image as SealedImage).owner !== null;
}

/** Entries that have rotted and that nobody has repaired; none on a disk that does not rot. */
export function rottedIn(image: RaftImage): ReadonlySet<number> {
  return "rotted" in image ? (image as SealedImage).rotted : NONE;
}

const NONE: ReadonlySet<number> = new Set();
