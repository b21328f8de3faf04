/** Where a codec reads from: bytes, and the errors of bytes that nobody wrote. */

/** Thrown for bytes that are no message: a peer's fault or a torn record, never the caller's. */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
}

export class Source {
  private readonly message: Uint8Array;
  private at = 0;

  constructor(message: Uint8Array) {
    this.message = message;
  }

  uint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (!Number.isSafeInteger(value)) throw new DecodeError(`integer above 2^53 at byte ${this.at}`);
      if (byte < 0x80) return value;
    }
  }

  text(): string {
    const end = this.uint() + this.at;
    if (end > this.message.length)
      throw new DecodeError(`string runs to byte ${end} of ${this.message.length}`);
    let text = "";
    while (this.at < end) text += String.fromCodePoint(this.codePoint());
    if (this.at !== end) throw new DecodeError(`string ends inside a character at byte ${end}`);
    return text;
  }

  bytes(): Uint8Array {
    const end = this.uint() + this.at;
    if (end > this.message.length) throw new DecodeError(`bytes run to ${end} of ${this.message.length}`);
    const data = this.message.slice(this.at, end);
    this.at = end;
    return data;
  }

  get atEnd(): boolean {
    return this.at === this.message.length;
  }

  /** Throws unless everything was read. */
  end(): void {
    const left = this.message.length - this.at;
    if (left > 0) throw new DecodeError(`${left} bytes left over after the message`);
  }

  private byte(): number {
    const byte = this.message[this.at++];
    if (byte === undefined)
      throw new DecodeError(`message ends at byte ${this.message.length}, more was expected`);
    return byte;
  }

  private codePoint(): number {
    const first = this.byte();
    if (first < 0x80) return first;
    const extra = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    let point = first & (0x3f >> extra);
    for (let i = 0; i < extra; i++) point = (point << 6) | (this.byte() & 63);
    if (point > 0x10ffff) throw new DecodeError(`no character has the number ${point}`);
    return point;
  }
}
