/** `linlab check`: judges recorded histories, one line a file. */

import { parseArgs } from "node:util";
import {
  assertFits,
  check,
  type Explanation,
  explanationText,
  type History,
  type Model,
  models,
  readHistory,
  type Verdict,
} from "porcupine-ts";
import { InputError } from "../../src/base/index.ts";
import { exitOf, worstExit } from "./exit.ts";
import { readText } from "./files.ts";
import { styled } from "./style.ts";

interface Judged {
  readonly file: string;
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

export const CHECK_HELP = `linlab check FILE...: judges recorded histories (NDJSON), a line a file
  --model NAME             instead of the file's own: ${Object.keys(models).join(", ")}
  --budget N               configurations to explore before saying "unknown"
  --json                   one JSON object on stdout
`;

/** Returns the exit code. Every file is read before the first is judged. Throws InputError and HistoryError. */
export async function checkCommand(args: readonly string[]): Promise<number> {
  const { files, model, json, budget } = parseFlags(args);
  const texts = await Promise.all(files.map(readText));
  const read = texts.map((text, i) => {
    const { header, history } = readHistory(text, files[i]!);
    const judgedBy = modelOf(model ?? header.model, files[i]!);
    assertFits(judgedBy, history, files[i]!);
    return { file: files[i]!, model: judgedBy, history };
  });
  const judged = read.map((each) => judge(each, budget));
  if (json)
    process.stdout.write(`${JSON.stringify({ format: "linlab-check", version: 1, files: judged })}\n`);
  else process.stdout.write(judged.map(told).join(""));
  return worstExit(judged.map(({ verdict }) => exitOf(verdict)));
}

interface Flags {
  readonly files: readonly string[];
  readonly model: string | null;
  readonly budget: number | null;
  readonly json: boolean;
}

function parseFlags(args: readonly string[]): Flags {
  const string = { type: "string" } as const;
  const options = { model: string, budget: string, json: { type: "boolean" } } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    if (positionals.length === 0) throw new Error("no history given: linlab check FILE...");
    const budget = values.budget ?? null;
    if (budget !== null && !/^[1-9]\d{0,9}$/.test(budget)) {
      throw new Error(`--budget ${budget}: expected a whole number such as 5000000`);
    }
    return {
      files: positionals,
      model: values.model ?? null,
      budget: budget === null ? null : Number(budget),
      json: values.json ?? false,
    };
  } catch (error) {
    throw new InputError(`${(error as Error).message.split(/\.\s/)[0]}; see linlab check --help`);
  }
}

type AnyModel = Model<unknown, unknown, unknown>;

function modelOf(name: string, file: string): AnyModel {
  if (Object.hasOwn(models, name)) return models[name as keyof typeof models] as unknown as AnyModel;
  throw new InputError(`${file}: unknown model ${name}: expected ${Object.keys(models).join(", ")}`);
}

interface Read {
  readonly file: string;
  readonly model: AnyModel;
  readonly history: History<unknown, unknown>;
}

function judge({ file, model, history }: Read, budget: number | null): Judged {
  const result = check(model, history, budget === null ? { explain: true } : { budget, explain: true });
  const answered = history.some((event) => event.kind === "response");
  return {
    file,
    model: model.name,
    // A history in which nobody was told anything can be explained, and means nothing.
    verdict: answered ? result.verdict : "unknown",
    operations: history.filter((event) => event.kind === "invoke").length,
    steps: result.steps,
    objects: result.objects.map(({ object, verdict, explanation }) => ({ object, verdict, explanation })),
  };
}

/** The line, and below it why. */
function told(judged: Judged): string {
  const { objects, verdict } = judged;
  const reasons = objects.flatMap(({ explanation }) => explanation ?? []);
  const shown = reasons.filter(({ kind }) => (kind === "violation") === (verdict === "illegal"));
  const texts = shown.slice(0, MOST_EXPLAINED).map((each) => `\n${explanationText(each)}`);
  const more = shown.length - texts.length;
  const rest = more > 0 ? `\nand ${more} more; --json explains them all\n` : "";
  return line(judged) + texts.join("") + rest;
}

/** Objects explained in a file's text. */
const MOST_EXPLAINED = 3;

function line({ file, verdict, operations, objects }: Judged): string {
  const word = {
    ok: styled("green", "ok"),
    illegal: styled("red", "illegal"),
    unknown: styled("yellow", "unknown"),
  };
  const bad = objects
    .filter((object) => object.verdict === verdict && verdict !== "ok")
    .map(({ object }) => shownKey(object));
  const where = bad.length === 0 ? "" : ` on ${bad.join(", ")}`;
  return `${file}: ${word[verdict]}${where} (${operations} operations, ${objects.length} objects)\n`;
}

/** A key is whatever a client put: it must not move the terminal's cursor. */
function shownKey(key: string): string {
  return /^[\w.:/@-]+$/.test(key) ? key : JSON.stringify(key);
}
