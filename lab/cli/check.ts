/** `linlab check`: judges recorded histories, one line a file. */

import { basename, dirname } from "node:path";
import { parseArgs } from "node:util";
import { explanationText } from "porcupine-ts";
import { counted, InputError } from "../../src/base/index.ts";
import { historyPageOf } from "../../visualizer/index.ts";
import { pageBundle } from "./bundle.ts";
import { EXIT, exitOf, worstExit } from "./exit.ts";
import { prepareDirectory, writeAll } from "./files.ts";
import { count, HISTORY_FLAGS, HISTORY_HELP, howToJudge, shellWord } from "./history.ts";
import { examine, type Judged, type JudgeTask, judgeFile, type Refused } from "./judge.ts";
import { spread } from "./pool.ts";
import { progress } from "./progress.ts";
import { drawnOf } from "./sketch.ts";
import { styled } from "./style.ts";

export const CHECK_HELP = `linlab check FILE...: judges recorded histories, a line a file; - is standard input
${HISTORY_HELP}  --workers N              threads, a file at a time each (default: none)
  --html FILE              of one history: a page that draws it
  --json                   one JSON object on stdout
`;

/** Returns the exit code. A file that cannot be judged is told on stderr; the others are judged. Throws InputError. */
export async function checkCommand(args: readonly string[]): Promise<number> {
  const { tasks, json, workers, page } = parseFlags(args);
  if (page !== null) await prepareDirectory(dirname(page), "--html");
  const results: (Judged | Refused)[] = new Array(tasks.length);
  const shown = progress(tasks.length, "files");
  let told = 0;
  let failed = 0;
  const tell = (index: number, result: Judged | Refused): void => {
    results[index] = result;
    if (result.kind === "refused" || result.verdict !== "ok") failed++;
    // Lines come in the order of the files, whichever thread was first.
    for (; results[told] !== undefined; told++) say(results[told]!, json, shown.end);
    shown.update(told, failed);
  };
  if (page !== null) tell(0, await judgeAndDraw(tasks[0]!, page, args));
  else if (workers === null) for (const [index, task] of tasks.entries()) tell(index, judgeFile(task));
  else
    await spread(
      { module: new URL("./judge.ts", import.meta.url).href, name: "judgeFile" },
      tasks,
      workers,
      tell,
    );
  shown.end();
  const files = results.filter((result) => result.kind === "judged");
  const isWhole = files.length === results.length;
  if (json && isWhole) {
    const told = files.map(({ kind: _kind, ...file }) => file);
    process.stdout.write(`${JSON.stringify({ format: "linlab-check", version: 1, files: told })}\n`);
  }
  return worstExit([...files.map(({ verdict }) => exitOf(verdict)), isWhole ? EXIT.ok : EXIT.input]);
}

/** Throws InputError and HistoryError. */
async function judgeAndDraw(task: JudgeTask, page: string, args: readonly string[]): Promise<Judged> {
  const { judged, model, history, result, ...said } = examine(task);
  const { file, format } = judged;
  const command = `npx linlab check ${args.map(shellWord).join(" ")}`;
  const drawn = drawnOf(model, history, result, judged.verdict, said);
  const html = historyPageOf(drawn, { file, format, model: model.name, command }, await pageBundle());
  await writeAll(dirname(page), new Map([[basename(page), html]]));
  return judged;
}

interface Flags {
  readonly tasks: readonly JudgeTask[];
  readonly workers: number | null;
  readonly json: boolean;
  readonly page: string | null;
}

function parseFlags(args: readonly string[]): Flags {
  const values = parse(args);
  if (values.html !== undefined && (values.files.length > 1 || values.html === "")) {
    throw new InputError("--html draws one history into one file: give one of each");
  }
  const task = howToJudge(values);
  return {
    tasks: values.files.map((file) => ({ file, ...task })),
    workers: count("--workers", values.workers),
    json: values.json ?? false,
    page: values.html ?? null,
  };
}

function parse(args: readonly string[]) {
  const string = { type: "string" } as const;
  const options = {
    ...HISTORY_FLAGS,
    workers: string,
    html: string,
    json: { type: "boolean" },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    if (positionals.length === 0) throw new Error("no history given: linlab check FILE...");
    return { ...values, files: positionals };
  } catch (error) {
    throw new InputError(`${(error as Error).message.split(/\.\s/)[0]}; see linlab check --help`);
  }
}

function say(result: Judged | Refused, json: boolean, clear: () => void): void {
  clear();
  if (result.kind === "refused") process.stderr.write(`linlab: ${result.message}\n`);
  else if (!json) process.stdout.write(line(result) + reasons(result));
}

/** Objects explained in a file's text. */
const MOST_EXPLAINED = 3;

/** Below the line: why. */
function reasons({ objects, verdict }: Judged): string {
  const shown = objects
    .flatMap(({ explanation }) => explanation ?? [])
    .filter(({ kind }) => (kind === "violation") === (verdict === "illegal"));
  const texts = shown.slice(0, MOST_EXPLAINED).map((each) => `\n${explanationText(each)}`);
  const more = shown.length - texts.length;
  return texts.join("") + (more > 0 ? `\nand ${more} more; --json explains them all\n` : "");
}

function line({ file, verdict, operations, objects, model }: Judged): string {
  const word = {
    ok: styled("green", "ok"),
    illegal: styled("red", "illegal"),
    unknown: styled("yellow", "unknown"),
  };
  const bad = objects
    .filter((object) => object.verdict === verdict && verdict !== "ok")
    .map(({ object }) => shownKey(object));
  const where = bad.length === 0 ? "" : ` on ${bad.join(", ")}`;
  return `${file}: ${word[verdict]}${where} (${model}, ${counted(operations, "operation")}, ${counted(objects.length, "object")})\n`;
}

/** A key is whatever a client put: it must not move the terminal's cursor. */
function shownKey(key: string): string {
  return /^[\w.:/@-]+$/.test(key) ? key : JSON.stringify(key);
}
