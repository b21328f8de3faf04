/** The flags of `linlab mutants`, and every way in which they can be wrong. */

import { parseArgs } from "node:util";
import { InputError } from "../../../src/base/index.ts";
import { findMutant, type Mutant, mutants } from "../../run/mutants/index.ts";
import { closest } from "../closeness.ts";
import { wholeFrom, workersFrom } from "../flags.ts";

export interface MutantsFlags {
  readonly mutants: readonly Mutant[];
  /** Seeds at most from a start to a kill. */
  readonly seeds: number;
  readonly starts: number;
  readonly workers: number;
  readonly json: boolean;
  readonly matrix: boolean;
  /** A file for the matrix as a page; null for none. */
  readonly html: string | null;
}

const DEFAULT_SEEDS = 300;
const DEFAULT_STARTS = 5;
const MOST_SEEDS = 1e9;
const MOST_STARTS = 1000;
const CLOSE_NAMES = 3;

export const MUTANTS_HELP = `linlab mutants [NAME...]: deliberate bugs, and how soon which oracle finds
                           them: all of them, or these
  --seeds N                seeds at most from a start to a kill
                           (default: ${DEFAULT_SEEDS})
  --starts N               kills to measure, one after the other (default: ${DEFAULT_STARTS})
  --workers W              threads (default: one a core)
  --matrix                 instead: which class of faults alone finds them
  --html FILE              the matrix as a page, too
  --json                   one JSON object on stdout
`;

/** Throws InputError. */
export function parseMutantsFlags(args: readonly string[]): MutantsFlags {
  const string = { type: "string" } as const;
  const boolean = { type: "boolean" } as const;
  const options = {
    seeds: string,
    starts: string,
    workers: string,
    html: string,
    matrix: boolean,
    json: boolean,
  };
  const { values, positionals } = parsed(() =>
    parseArgs({ args: [...args], options, allowPositionals: true }),
  );
  const matrix = values.matrix === true;
  if (values.html === "") throw new InputError("--html: expected a file, found an empty value");
  if (values.html !== undefined && !matrix) throw new InputError("--html goes with --matrix");
  return {
    mutants: positionals.length === 0 ? mutants : [...new Set(positionals.map(mutantOfName))],
    seeds: wholeFrom("seeds", values.seeds, 1, MOST_SEEDS) ?? DEFAULT_SEEDS,
    starts: wholeFrom("starts", values.starts, 1, MOST_STARTS) ?? DEFAULT_STARTS,
    workers: workersFrom(values.workers),
    json: values.json === true,
    matrix,
    html: values.html ?? null,
  };
}

function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new InputError(`${(error as Error).message.split(/\.\s/)[0]}; see linlab mutants --help`);
  }
}

function mutantOfName(name: string): Mutant {
  const mutant = findMutant(name);
  if (mutant !== null) return mutant;
  const known = mutants.map((each) => each.name);
  const close = closest(name, known, CLOSE_NAMES).join(", ");
  throw new InputError(`no mutant is called ${JSON.stringify(name)}: these come close: ${close}`);
}
