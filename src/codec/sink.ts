/**
 * Where a codec writes to. The same walk over a message either makes its bytes (`Encoder`) or only weighs and
 * fingerprints it (`Meter`): a simulation needs the size and the digest of every message, but the bytes of none.
 */

import { assert, Digest } from "../base/index.ts";

export interface Sink {
  /** A non-negative integer of up to 53 bits. */
  uint(n: number): void;
  text(text: string): void;
  bytes(data: Uint8Array): void;
}

/** Counts the bytes that an Encoder would write, and mixes the content into a digest on the way. */
export class Meter implements Sink {
  /** Bytes so far. */
  size = 0;
  readonly digest: Digest;

  constructor(digest: Digest = new Digest()) {
    this.digest = digest;
  }

  uint(n: number): void {
    this.size += uintSize(n);
    if (n < 0x80000000) this.digest.word(n);
    else this.digest.integer(n);
  }

  text(text: string): void {
    const size = textSize(text);
    this.size += uintSize(size) + size;
    this.digest.text(text);
  }

  bytes(data: Uint8Array): void {
    this.size += uintSize(data.length) + data.length;
    this.digest.word(data.length);
    for (const byte of data) this.digest.word(byte);
  }
}

/** Makes the bytes: LEB128 integers, length-prefixed strings. */
export class Encoder implements Sink {
  private readonly out: number[] = [];

  uint(n: number): void {
    assert(Number.isSafeInteger(n) && n >= 0, () => `the codec carries integers 0 ... 2^53-1, not ${n}`);
    let rest = n;
    while (rest >= 0x80) {
      this.out.push((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.out.push(rest);
  }

  text(text: string): void {
    this.uint(textSize(text));
    for (let i = 0; i < text.length; i++) {
      const point = text.codePointAt(i)!;
      if (point > 0xffff) i++;
      this.codePoint(point);
    }
  }

  bytes(data: Uint8Array): void {
    this.uint(data.length);
    for (const byte of data) this.out.push(byte);
  }

  /** Everything written so far. */
  encoded(): Uint8Array {
    return new Uint8Array(this.out);
  }

  /**
   * UTF-8, except that a lone surrogate is written like any other code point ("WTF-8", Sapin): a value that a client
   * put must come back as it was.
   */
  private codePoint(point: number): void {
    const out = this.out;
    if (point < 0x80) out.push(point);
    else if (point < 0x800) out.push(0xc0 | (point >> 6), 0x80 | (point & 63));
    else if (point < 0x10000) out.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
    else
      out.push(
        0xf0 | (point >> 18),
        0x80 | ((point >> 12) & 63),
        0x80 | ((point >> 6) & 63),
        0x80 | (point & 63),
      );
  }
}

function uintSize(n: number): number {
  if (n < 0x80) return 1;
  if (n < 0x4000) return 2;
  let size = 2;
  for (let rest = Math.floor(n / 0x4000); rest > 0; rest = Math.floor(rest / 0x80)) size++;
  return size;
}

function textSize(text: string): number {
  let size = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    size += unit < 0x800 ? 1 : 2;
    // A surrogate pair is two units and four bytes; a lone one is one unit and three.
    if (unit >= 0xd800 && unit < 0xdc00) {
      const next = text.charCodeAt(i + 1);
      if (next >= 0xdc00 && next < 0xe000) i++;
    }
  }
  return size;
}
