/**
 * Text that arrives in pieces, so that a file of any length can be read without being held: what was read is dropped,
 * and its lines are counted for messages.
 */
import { HistoryError } from "../history/error.ts";

/** A whole text, or its pieces in order, cut anywhere. */
export type Source = string | Iterable<string>;

const BYTE_ORDER_MARK = 0xfeff;
const NEWLINE = 10;

/** As a character, what stands behind the last one. */
export const END = -1;

export class Feed {
  readonly fileName: string;
  /** What is held of the text; grows at its end while it is read. */
  text = "";
  /** Where reading stands in `text`. */
  at = 0;
  private readonly pieces: Iterator<string>;
  /** The number of the line that `counted` is on. */
  private line: number;
  private counted = 0;

  /** The first line's number is for messages: the source may be part of a file. */
  constructor(source: Source, fileName: string, firstLine = 1) {
    this.fileName = fileName;
    this.line = firstLine;
    this.pieces = (typeof source === "string" ? [source] : source)[Symbol.iterator]();
    if (this.peek() === BYTE_ORDER_MARK) this.at++;
  }

  /** The character to read next, or END. */
  peek(): number {
    while (this.at >= this.text.length) if (!this.grow()) return END;
    return this.text.charCodeAt(this.at);
  }

  /** The rest of this line without its end, or null if there is none; reading goes on behind it. */
  takeLine(): string | null {
    if (this.peek() === END) return null;
    let end = this.text.indexOf("\n", this.at);
    while (end < 0) {
      const searched = this.text.length;
      if (!this.grow()) break;
      end = this.text.indexOf("\n", searched);
    }
    const line = this.text.slice(this.at, end < 0 ? this.text.length : end);
    this.at = end < 0 ? this.text.length : end + 1;
    return line.endsWith("\r") ? line.slice(0, -1) : line;
  }

  /** So many characters from here on, or fewer if there are no more. Reading stays here. */
  head(length: number): string {
    while (this.text.length < this.at + length && this.grow()) {}
    return this.text.slice(this.at, this.at + length);
  }

  /** The number of the line that is read, from 1. */
  lineNumber(): number {
    for (; this.counted < this.at; this.counted++) {
      if (this.text.charCodeAt(this.counted) === NEWLINE) this.line++;
    }
    return this.line;
  }

  /** Forgets what was read. Positions in `text` that somebody kept mean nothing then. */
  release(): void {
    if (this.at < FORGET_AT) return;
    this.lineNumber();
    this.text = this.text.slice(this.at);
    this.at = 0;
    this.counted = 0;
  }

  refuse(expected: string, found: string, line: number = this.lineNumber()): never {
    throw new HistoryError(`${this.fileName}:${line}: expected ${expected}, found ${found}`, null);
  }

  private grow(): boolean {
    const next = this.pieces.next();
    if (next.done === true) return false;
    this.text += next.value;
    return true;
  }
}

/** Dropping costs a copy of what remains, so it is done in large bites. */
const FORGET_AT = 1 << 16;

const LONGEST_QUOTE = 60;

/** Text as a message quotes it. */
export function cut(text: string): string {
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}...` : text;
}
