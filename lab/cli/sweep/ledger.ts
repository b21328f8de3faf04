/**
 * The results file that a sweep writes: a line for each seed, appended when its run is over and never touched again.
 * So a sweep that is killed loses no line but one that it was writing, and the next one goes on behind the others.
 */

import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, writeFileSync } from "node:fs";
import { InputError } from "../../../src/base/index.ts";
import { Coverage, differenceOf, type Header, type SeedResult, seedsOfShard } from "../../sweep/index.ts";
import { reason } from "../files.ts";
import { linesOf } from "./lines.ts";
import { readResults } from "./results.ts";

export class Ledger {
  readonly file: string;
  /** Of the seeds that stood in the file when it was opened. */
  readonly before: Coverage;
  private readonly descriptor: number;
  /** What the file's must be, unless somebody else writes to it. */
  private size: number;

  /**
   * Opens this sweep's file, or begins it, and tells what stands in it already. A last line that was cut off is
   * removed. Throws InputError if the file is another sweep's, if it is damaged, or if it cannot be written.
   */
  constructor(file: string, header: Header, tell: (result: SeedResult) => void) {
    this.file = file;
    this.before = new Coverage(seedsOfShard(header.seeds, header.shard));
    const first = `${JSON.stringify(header)}\n`;
    this.size = isBeginningOf(first, file) ? 0 : this.read(header, tell);
    this.descriptor = this.writing(() => openSync(file, "a"));
    this.writing(() => ftruncateSync(this.descriptor, this.size));
    if (this.size === 0) this.write(first);
  }

  /** Throws InputError if the file cannot be written, or if somebody else writes to it. */
  append(results: readonly SeedResult[]): void {
    this.write(results.map((result) => `${JSON.stringify(result)}\n`).join(""));
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private read(header: Header, tell: (result: SeedResult) => void): number {
    const { file } = this;
    const whole = readResults(file, {
      header: (found) => {
        const difference = differenceOf(found, header, "sweep");
        if (difference === null) return;
        throw new InputError(
          `${file}:1: the results of another sweep, with ${difference}: give --out another directory, or --fresh to begin anew`,
        );
      },
      result: (result, place) => {
        if (this.before.add(result, place)) tell(result);
      },
    });
    const double = this.before.doubles[0];
    if (double === undefined) return whole;
    const { seed, places } = double;
    throw new InputError(
      `${places[1]}: seed ${seed} stands in ${places[0]} already: take one of the two lines out`,
    );
  }

  private write(text: string): void {
    const { size, nlink } = fstatSync(this.descriptor);
    if (nlink === 0)
      throw new InputError(`${this.file} was removed while the sweep wrote to it: start again`);
    if (size !== this.size) {
      throw new InputError(
        `${this.file}: another process writes to it: let one sweep end before the same command goes on`,
      );
    }
    this.writing(() => writeFileSync(this.descriptor, text));
    this.size += Buffer.byteLength(text);
  }

  private writing<T>(act: () => T): T {
    try {
      return act();
    } catch (error) {
      throw new InputError(`cannot write ${this.file}: ${reason(error)}`);
    }
  }
}

/** Whether there is nothing in the file but what a sweep has written that was killed while it began. */
function isBeginningOf(first: string, file: string): boolean {
  if (!existsSync(file)) return true;
  for (const { text, isWhole } of linesOf(file)) return !isWhole && first.startsWith(text);
  return true;
}
