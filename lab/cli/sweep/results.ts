/** Results files: where they are, and what stands in them. */

import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../../src/base/index.ts";
import {
  type Header,
  type Place,
  readHeader,
  readResult,
  type SeedResult,
  type Shard,
  seedsOfShard,
} from "../../sweep/index.ts";
import { reason } from "../files.ts";
import { linesOf } from "./lines.ts";

export interface ResultsReader {
  header(header: Header, place: Place): void;
  result(result: SeedResult, place: Place): void;
}

/**
 * Tells the header and every result. A last line that was cut off is not told. Returns how many bytes are whole lines;
 * 0 for an empty file. Throws InputError, with file and line.
 */
export function readResults(file: string, reader: ResultsReader): number {
  let header: Header | null = null;
  let whole = 0;
  try {
    for (const { text, number, end, isWhole } of linesOf(file)) {
      const place = { file, line: number };
      if (header === null) {
        header = readHeader(text, place);
        reader.header(header, place);
      } else if (isWhole) {
        reader.result(readResult(text, place, seedsOfShard(header.seeds, header.shard)), place);
      }
      if (isWhole) whole = end;
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`cannot read ${file}: ${reason(error)}`);
  }
  return whole;
}

export function resultsName({ index, count }: Shard): string {
  return count === 1 ? "sweep.ndjson" : `sweep-${index}of${count}.ndjson`;
}

const NAME = /^sweep(-\d+of\d+)?\.ndjson$/;

/** The results files in this directory, or this file itself. Throws InputError if there are none. */
export function resultsIn(path: string): readonly string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    const names = readdirSync(path).filter((name) => NAME.test(name));
    if (names.length > 0) return names.sort().map((name) => join(path, name));
  } catch (error) {
    throw new InputError(`cannot read ${path}: ${reason(error)}`);
  }
  throw new InputError(
    `${path}: no results of linlab sweep in it: expected files such as ${resultsName({ index: 1, count: 4 })}`,
  );
}
