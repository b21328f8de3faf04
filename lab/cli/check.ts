/** `linlab check`: judges recorded histories, one line a file. */

import { basename, dirname } from "node:path";
import { parseArgs } from "node:util";
import { type Data, explanationText, FORMATS, type ImportOptions, models, parseEdn } from "porcupine-ts";
import { InputError } from "../../src/base/index.ts";
import { historyPageOf } from "../../visualizer/index.ts";
import { pageBundle } from "./bundle.ts";
import { EXIT, exitOf, worstExit } from "./exit.ts";
import { prepareDirectory, writeAll } from "./files.ts";
import { examine, type Judged, type JudgeTask, judgeFile, type Refused } from "./judge.ts";
import { counted } from "./layout.ts";
import { spread } from "./pool.ts";
import { progress } from "./progress.ts";
import { drawnOf } from "./sketch.ts";
import { styled } from "./style.ts";

const NIL_READS = ["unseen", "absent"] as const;
const REFUSALS = ["keep", "drop"] as const;

export const CHECK_HELP = `linlab check FILE...: judges recorded histories, a line a file; - is standard input
  --model NAME             instead of the file's own, or of a guess by its calls:
                           ${Object.keys(models).slice(0, 6).join(", ")},
                           ${Object.keys(models).slice(6).join(", ")}
  --initial VALUE          the state before everything, as JSON or EDN
  --format NAME            instead of a guess by how the file begins:
                           ${FORMATS.join(", ")}
  --nil-reads MEANING      Jepsen reads answered by nil: ${NIL_READS.join(" or ")}
  --refusals keep|drop     a cas that failed for its condition is an observation
                           (default), or dropped with all that failed
  --budget N               configurations to explore before saying "unknown"
  --workers N              threads, a file at a time each (default: none)
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
  const { judged, model, history, result } = examine(task);
  const { file, format } = judged;
  const command = `npx linlab check ${args.map(shellWord).join(" ")}`;
  const drawn = drawnOf(model, history, result, judged.verdict);
  const html = historyPageOf(drawn, { file, format, model: model.name, command }, await pageBundle());
  await writeAll(dirname(page), new Map([[basename(page), html]]));
  return judged;
}

/** As a shell takes it for one word. */
function shellWord(word: string): string {
  return /^[\w./:@=+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

interface Flags {
  readonly tasks: readonly JudgeTask[];
  readonly workers: number | null;
  readonly json: boolean;
  readonly page: string | null;
}

function parseFlags(args: readonly string[]): Flags {
  const values = parse(args);
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
  if (values.html !== undefined && (values.files.length > 1 || values.html === "")) {
    throw new InputError("--html draws one history into one file: give one of each");
  }
  const task = {
    options,
    initial: initial === undefined ? undefined : dataOf(initial),
    budget: count("--budget", values.budget),
  };
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
    model: string,
    initial: string,
    format: string,
    "nil-reads": string,
    refusals: string,
    budget: string,
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

function count(flag: string, value: string | undefined): number | null {
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
