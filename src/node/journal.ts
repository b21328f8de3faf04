/**
 * What a node knows after a crash: a file that only grows. A record lies behind its length and a checksum, and whoever
 * waits for it is called back after an fsync. There is never more than one record on its way to the disk, so an
 * unfinished one can only be the last: it was never acknowledged, and is cut off. One that is broken with others behind
 * it was acknowledged, and without it this server would break its word: the file is refused. (What rots in the very
 * last record, or in a length, cannot be told from a torn tail here.)
 */

import { createHash } from "node:crypto";
import {
  closeSync,
  fsync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { InputError } from "../base/index.ts";
import { type Codec, decode, encode, list } from "../codec/index.ts";

const MAGIC = Buffer.from("linlab-journal 1\n");

/** Of a record: its length in bytes, little-endian, and the first bytes of its SHA-256. */
const LENGTH = 4;
const CHECKSUM = 8;

export class Journal<DiskRecord> {
  /** What the file held when it was opened, oldest first. */
  readonly found: readonly DiskRecord[];
  private readonly path: string;
  private readonly codec: Codec<readonly DiskRecord[]>;
  private readonly file: number;

  /** Opens the file, or makes it. Throws InputError: it cannot be used, it is no journal, or it is damaged. */
  constructor(path: string, codec: Codec<DiskRecord>) {
    this.path = path;
    this.codec = list(codec);
    try {
      mkdirSync(dirname(path), { recursive: true });
      // For reading and appending; made if it is not there.
      this.file = openSync(path, "a+");
      this.found = this.read(readFileSync(this.file));
      fsyncSync(this.file);
      syncDirectory(dirname(path));
    } catch (error) {
      throw this.unusable(error);
    }
  }

  /** One write, which a crash leaves whole or not at all, and `done` when it will survive one. */
  append(records: readonly DiskRecord[], done: () => void): void {
    try {
      this.write(framed(encode(this.codec, records)));
    } catch (error) {
      throw this.unusable(error);
    }
    fsync(this.file, (error) => {
      // Nobody knows what the disk has now, and asking again would not tell: this is the end.
      if (error !== null) throw this.unusable(error);
      done();
    });
  }

  private write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(this.file, bytes, at);
  }

  private read(content: Buffer): readonly DiskRecord[] {
    if (content.length < MAGIC.length && MAGIC.subarray(0, content.length).equals(content)) {
      ftruncateSync(this.file, 0);
      this.write(MAGIC);
      return [];
    }
    if (!content.subarray(0, MAGIC.length).equals(MAGIC)) {
      throw new InputError(`${this.path} is no journal of linlab's: give another directory`);
    }
    const found: DiskRecord[] = [];
    let at = MAGIC.length;
    while (at < content.length) {
      const body = this.bodyAt(content, at);
      if (body === null) break;
      found.push(...decode(this.codec, body));
      at += LENGTH + CHECKSUM + body.length;
    }
    if (at < content.length) ftruncateSync(this.file, at);
    return found;
  }

  /** Null for a torn tail. */
  private bodyAt(content: Buffer, at: number): Buffer | null {
    const start = at + LENGTH + CHECKSUM;
    if (start > content.length) return null;
    const end = start + content.readUInt32LE(at);
    if (end > content.length) return null;
    const body = content.subarray(start, end);
    if (checksum(body).equals(content.subarray(at + LENGTH, start))) return body;
    // Room that a file was given and nothing was written to reads as zeros.
    if (end === content.length || content.subarray(at).every((byte) => byte === 0)) return null;
    throw new InputError(
      `${this.path}: the record at byte ${at} is damaged, and it is not the last: what this node has promised is ` +
        "lost, so it must not come back with this file",
    );
  }

  private unusable(error: unknown): InputError {
    if (error instanceof InputError) return error;
    return new InputError(`${this.path} cannot keep the node's state: ${(error as Error).message}`);
  }
}

function framed(body: Uint8Array): Uint8Array {
  const length = Buffer.alloc(LENGTH);
  length.writeUInt32LE(body.length);
  return Buffer.concat([length, checksum(body), body]);
}

function checksum(body: Uint8Array): Buffer {
  return createHash("sha256").update(body).digest().subarray(0, CHECKSUM);
}

/** A file is there after a crash when its directory is on disk, too. */
function syncDirectory(path: string): void {
  const directory = openSync(path, "r");
  fsyncSync(directory);
  closeSync(directory);
}
