/** How a history in a file is to be read and judged: the flags that `linlab check` and `linlab page` share. */

import { type Data, FORMATS, type ImportOptions, models, parseEdn } from "porcupine-ts";
import { InputError } from "../../src/base/index.ts";
import type { JudgeTask } from "./judge.ts";

const NIL_READS = ["unseen", "absent"] as const;
const REFUSALS = ["keep", "drop"] as const;

export const HISTORY_HELP = `  --model NAME             instead of the file's own, or of a guess by its calls:
                           ${Object.keys(models).slice(0, 6).join(", ")},
                           ${Object.keys(models).slice(6).join(", ")}
  --initial VALUE          the state before everything, as JSON or EDN
  --format NAME            instead of a guess by how the file begins:
                           ${FORMATS.join(", ")}
  --nil-reads MEANING      Jepsen reads answered by nil: ${NIL_READS.join(" or ")}
  --refusals keep|drop     a cas that failed for its condition is an observation
                           (default), or dropped with all that failed
  --budget N               configurations to explore before saying "unknown"
`;

const string = { type: "string" } as const;

/** As `parseArgs` wants them. */
export const HISTORY_FLAGS = {
  model: string,
  initial: string,
  format: string,
  "nil-reads": string,
  refusals: string,
  budget: string,
} as const;

type Values = { readonly [name in keyof typeof HISTORY_FLAGS]?: string | undefined };

/** Throws InputError. */
export function howToJudge(values: Values): Omit<JudgeTask, "file"> {
  const { model, initial } = values;
  if (model !== undefined && !Object.hasOwn(models, model)) {
    throw new InputError(`--model ${model}: expected one of ${Object.keys(models).join(", ")}`);
  }
  const options: ImportOptions = {
    ...(model === undefined ? {} : { model }),
    ...optional("format", oneOf("--format", values.format, FORMATS)),
    ...optional("nilReads", oneOf("--nil-reads", values["nil-reads"], NIL_READS)),
    ...optional("refusals", oneOf("--refusals", values.refusals, REFUSALS)),
  };
  return {
    options,
    initial: initial === undefined ? undefined : dataOf(initial),
    budget: count("--budget", values.budget),
  };
}

/** A property that is there only if it has a value. */
function optional<Name extends string, T>(name: Name, value: T | undefined): { [name in Name]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { [name in Name]?: T });
}

function oneOf<T extends string>(
  flag: string,
  value: string | undefined,
  known: readonly T[],
): T | undefined {
  const found = known.find((name) => name === value);
  if (value === undefined || found !== undefined) return found;
  throw new InputError(`${flag} ${value}: expected ${known.join(", ")}`);
}

/** A flag's whole number from 1; null if it is not given. Throws InputError. */
export function count(flag: string, value: string | undefined): number | null {
  if (value === undefined) return null;
  if (/^[1-9]\d{0,9}$/.test(value)) return Number(value);
  throw new InputError(
    `${flag} ${value}: expected a whole number such as ${flag === "--budget" ? "5000000" : "2"}`,
  );
}

function dataOf(text: string): Data {
  try {
    return JSON.parse(text);
  } catch {
    return parseEdn(text, "--initial");
  }
}

/** As a shell takes it for one word. */
export function shellWord(word: string): string {
  return /^[\w./:@=+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
