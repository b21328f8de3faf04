/** A file line by line, however long it is, and with a last line that may have been cut off. */

import { closeSync, openSync, readSync } from "node:fs";

export interface FileLine {
  readonly text: string;
  /** From 1. */
  readonly number: number;
  /** Where the next line begins, in bytes from the beginning of the file. */
  readonly end: number;
  /** False of a last line without a line break: whoever wrote it was killed, or had no space left. */
  readonly isWhole: boolean;
}

const BLOCK = 1 << 16;
const LINE_BREAK = 0x0a;

/** Throws what node:fs throws. */
export function* linesOf(file: string): Generator<FileLine, void> {
  const descriptor = openSync(file, "r");
  try {
    const block = Buffer.alloc(BLOCK);
    let rest = Buffer.alloc(0);
    let end = 0;
    let number = 0;
    for (let size = readSync(descriptor, block); size > 0; size = readSync(descriptor, block)) {
      rest = Buffer.concat([rest, block.subarray(0, size)]);
      let from = 0;
      for (let at = rest.indexOf(LINE_BREAK); at >= 0; at = rest.indexOf(LINE_BREAK, from)) {
        end += at + 1 - from;
        yield { text: rest.toString("utf8", from, at), number: ++number, end, isWhole: true };
        from = at + 1;
      }
      rest = rest.subarray(from);
    }
    if (rest.length > 0) {
      yield { text: rest.toString("utf8"), number: number + 1, end: end + rest.length, isWhole: false };
    }
  } finally {
    closeSync(descriptor);
  }
}
