/** What `linlab replay` and `linlab shrink` are given: a failure file, or a seed with the flags of `linlab run`. */

import { parseArgs } from "node:util";
import { InputError } from "../../src/base/index.ts";
import { type Failure, failureOf, readFailure } from "../replay/index.ts";
import { defaultOptions, type RunOptions } from "../run/index.ts";
import { readText } from "./files.ts";
import { givenOptions, OPTION_FLAGS, type Values } from "./flags.ts";

export interface Given {
  readonly source: Source;
  /** The command's own flags. */
  readonly values: Values;
}

type Source =
  | { readonly kind: "file"; readonly file: string }
  | { readonly kind: "seed"; readonly seed: number; readonly options: RunOptions };

type Flag = { readonly type: "string" | "boolean" };

/** `own` are the flags that this command has beside those of a run. Throws InputError. */
export function parseGiven(
  command: string,
  args: readonly string[],
  own: Readonly<Record<string, Flag>>,
): Given {
  const help = `see linlab ${command} --help`;
  const { values, positionals } = parse(args, own, help);
  const empty = Object.keys(values).find((name) => values[name] === "");
  if (empty !== undefined) throw new InputError(`--${empty}: expected a value, found an empty one`);
  const [word, ...more] = positionals;
  if (word === undefined) throw new InputError(`${command}: expected a failure file or a seed; ${help}`);
  if (more.length > 0)
    throw new InputError(`${command}: expected one failure file or seed, found ${word} and ${more[0]}`);
  const options = givenOptions(values);
  if (/^\d+$/.test(word) && Number.isSafeInteger(Number(word))) {
    return {
      source: { kind: "seed", seed: Number(word), options: { ...defaultOptions, ...options } },
      values,
    };
  }
  const [name] = Object.keys(options);
  if (name === undefined) return { source: { kind: "file", file: word }, values };
  throw new InputError(`${word}: a failure file says itself what was run: ${name} goes with a seed only`);
}

function parse(args: readonly string[], own: Readonly<Record<string, Flag>>, help: string) {
  try {
    const options = { ...OPTION_FLAGS, ...own };
    const parsed = parseArgs({ args: [...args], options, allowNegative: true, allowPositionals: true });
    return { values: parsed.values as Values, positionals: parsed.positionals };
  } catch (error) {
    throw new InputError(`${(error as Error).message.split(/\.\s/)[0]}; ${help}`);
  }
}

/** The failure that is meant; null if nothing is wrong with the seed. Throws InputError. */
export async function failureFrom(source: Source): Promise<Failure | null> {
  if (source.kind === "seed") return failureOf(source.seed, source.options);
  return readFailure(await readText(source.file), source.file);
}
