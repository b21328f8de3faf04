/** One history file judged, start to end: what a worker of `linlab check` does, and the command itself without any. */

import { closeSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import {
  type AnyModel,
  assertFits,
  type CheckResult,
  check,
  type Explanation,
  HistoryError,
  type ImportedHistory,
  type ImportOptions,
  importHistory,
  type ModelName,
  models,
  startedIn,
  type Verdict,
} from "porcupine-ts";
import { InputError } from "../../src/base/index.ts";
import { reason } from "./files.ts";

export interface JudgeTask {
  /** A path, or - for standard input. */
  readonly file: string;
  readonly options: ImportOptions;
  /** What the state is at first, as data; undefined: what the file says, or the model's own. */
  readonly initial: unknown;
  readonly budget: number | null;
}

export interface Judged {
  readonly kind: "judged";
  readonly file: string;
  readonly format: string;
  readonly model: string;
  readonly verdict: Verdict;
  readonly operations: number;
  readonly steps: number;
  readonly objects: readonly {
    readonly object: string;
    readonly verdict: Verdict;
    readonly explanation: Explanation | null;
  }[];
}

/** The user's error, in one sentence: between threads a class would be lost. */
export interface Refused {
  readonly kind: "refused";
  readonly message: string;
}

export function judgeFile(task: JudgeTask): Judged | Refused {
  try {
    return examine(task).judged;
  } catch (error) {
    if (error instanceof InputError || error instanceof HistoryError) {
      return { kind: "refused", message: error.message };
    }
    throw error;
  }
}

/** A judged file with all that was found out. */
export interface Examined {
  readonly judged: Judged;
  readonly model: AnyModel;
  readonly history: ImportedHistory["history"];
  readonly result: CheckResult;
  /** The state before everything, where it is not the model's own; else undefined. */
  readonly initial: unknown;
  readonly annotations: ImportedHistory["annotations"];
}

/** Throws InputError and HistoryError. */
export function examine({ file, options, initial, budget }: JudgeTask): Examined {
  const imported = importHistory(pieces(file), file, options);
  const { format, history, annotations } = imported;
  const first = initial === undefined ? imported.initial : initial;
  const model = modelOf(imported.model, file, first);
  assertFits(model, imported, file);
  const result = check(model, history, budget === null ? {} : { budget });
  const answered = history.some((event) => event.kind === "response");
  const judged: Judged = {
    kind: "judged",
    file,
    format,
    model: model.name,
    // A history in which nobody was told anything can be explained, and means nothing.
    verdict: answered ? result.verdict : "unknown",
    operations: history.filter((event) => event.kind === "invoke").length,
    steps: result.steps,
    objects: result.objects.map(({ object, verdict, explanation }) => ({ object, verdict, explanation })),
  };
  return { judged, model, history, result, initial: first, annotations };
}

function modelOf(name: string, file: string, initial: unknown): AnyModel {
  if (!Object.hasOwn(models, name)) {
    throw new InputError(`${file}: unknown model ${name}: expected ${Object.keys(models).join(", ")}`);
  }
  if (initial === undefined) return models[name as ModelName] as unknown as AnyModel;
  const model = startedIn(name as ModelName, initial);
  if (typeof model === "string") throw new InputError(`${file}: expected ${model}; see --initial`);
  return model;
}

const PIECE = 1 << 20;

const STANDARD_INPUT = 0;

/** A file's text piece by piece, so that it is never held as a whole. Throws InputError. */
function* pieces(file: string): Generator<string> {
  const decoder = new StringDecoder("utf8");
  const buffer = Buffer.allocUnsafe(PIECE);
  const from = file === "-" ? STANDARD_INPUT : readable(file, () => openSync(file, "r"));
  const next = (): number => readable(file, () => readSync(from, buffer, 0, PIECE, null));
  try {
    for (let length = next(); length > 0; length = next()) yield decoder.write(buffer.subarray(0, length));
    yield decoder.end();
  } finally {
    if (from !== STANDARD_INPUT) closeSync(from);
  }
}

function readable<T>(file: string, access: () => T): T {
  try {
    return access();
  } catch (error) {
    throw new InputError(`cannot read ${file}: ${reason(error)}`);
  }
}
