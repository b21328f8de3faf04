/** `linlab check`: judges recorded histories, one line a file. */

import { parseArgs } from "node:util";
import { check, type History, type Model, models, readHistory, type Verdict } from "porcupine-ts";
import { InputError } from "../../src/base/index.ts";
import { EXIT, worstExit } from "./exit.ts";
import { readText } from "./files.ts";
import { styled } from "./style.ts";

interface Judged {
  readonly file: string;
  readonly model: string;
  readonly verdict: Verdict;
  readonly operations: number;
  readonly steps: number;
  readonly objects: readonly { readonly object: string; readonly verdict: Verdict }[];
}

/** Returns the exit code. Every file is read before the first is judged. Throws InputError and HistoryError. */
export async function checkCommand(args: readonly string[]): Promise<number> {
  const { files, model, json } = parseFlags(args);
  const texts = await Promise.all(files.map(readText));
  const histories = texts.map((text, i) => readHistory(text, files[i]!));
  const judged = histories.map(({ header, history }, i) => judge(files[i]!, model ?? header.model, history));
  if (json)
    process.stdout.write(`${JSON.stringify({ format: "linlab-check", version: 1, files: judged })}\n`);
  else process.stdout.write(judged.map(line).join(""));
  return worstExit(judged.map(({ verdict }) => EXITS[verdict]));
}

const EXITS: Readonly<Record<Verdict, number>> = {
  ok: EXIT.ok,
  illegal: EXIT.violation,
  unknown: EXIT.undecided,
};

function parseFlags(args: readonly string[]): {
  files: readonly string[];
  model: string | null;
  json: boolean;
} {
  const options = { model: { type: "string" }, json: { type: "boolean" } } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    if (positionals.length === 0) throw new Error("no history given: linlab check FILE...");
    return { files: positionals, model: values.model ?? null, json: values.json ?? false };
  } catch (error) {
    throw new InputError(`${(error as Error).message.split(/\. /)[0]}; see linlab --help`);
  }
}

function judge(file: string, modelName: string, history: History<unknown, unknown>): Judged {
  const model = Object.hasOwn(models, modelName) ? models[modelName as keyof typeof models] : null;
  if (model === null) {
    throw new InputError(`${file}: unknown model ${modelName}: expected ${Object.keys(models).join(", ")}`);
  }
  const result = check(model as unknown as Model<unknown, unknown, unknown>, history);
  return {
    file,
    model: modelName,
    verdict: result.verdict,
    operations: history.filter((event) => event.kind === "invoke").length,
    steps: result.steps,
    objects: result.objects.map(({ object, verdict }) => ({ object, verdict })),
  };
}

function line({ file, verdict, operations, objects }: Judged): string {
  const word = {
    ok: styled("green", "ok"),
    illegal: styled("red", "illegal"),
    unknown: styled("yellow", "unknown"),
  };
  const bad = objects
    .filter((object) => object.verdict === verdict && verdict !== "ok")
    .map(({ object }) => object);
  const where = bad.length === 0 ? "" : ` on ${bad.join(", ")}`;
  return `${file}: ${word[verdict]}${where} (${operations} operations, ${objects.length} objects)\n`;
}
