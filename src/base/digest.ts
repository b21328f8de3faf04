/**
 * A running 64-bit fingerprint of everything that happened. Two runs are the same if their digests are: it is a
 * check against accidents, not against an adversary. Two 32-bit lanes, because 32-bit integer arithmetic is exact
 * and fast in every JavaScript engine.
 */
export class Digest {
  private a = 0x243f6a88;
  private b = 0x13198a2e;

  /** Mixes in 32 bits. */
  word(word: number): void {
    const a = Math.imul(this.a ^ word, 0xcc9e2d51);
    const b = Math.imul(this.b + word, 0x1b873593);
    // Each lane takes a rotation of the other, so that neither is a function of 32 bits only.
    this.a = ((a << 15) | (a >>> 17)) ^ b;
    this.b = (((b << 13) | (b >>> 19)) + a) | 0;
  }

  /** Mixes in an integer of up to 53 bits. */
  integer(n: number): void {
    this.word(n | 0);
    this.word((n / 4294967296) | 0);
  }

  /** Mixes in a string with its length, so that "a","bc" and "ab","c" differ: two units of 16 bits in a word. */
  text(text: string): void {
    const { length } = text;
    let pair = length === 0 ? 0 : text.charCodeAt(0) << 16;
    if (length > 1) pair |= text.charCodeAt(1);
    // Names of servers and clients, which every event has two of, take this one word.
    this.word(pair ^ Math.imul(length, 0x9e3779b1));
    for (let i = 2; i < length; i += 2) {
      pair = text.charCodeAt(i) << 16;
      if (i + 1 < length) pair |= text.charCodeAt(i + 1);
      this.word(pair);
    }
  }

  /** The two halves, for a set of things without an order: the sums of their digests' halves. */
  get high(): number {
    return this.a;
  }

  get low(): number {
    return this.b;
  }

  /** 16 hexadecimal digits. */
  hex(): string {
    return hex32(this.a) + hex32(this.b);
  }
}

function hex32(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}
