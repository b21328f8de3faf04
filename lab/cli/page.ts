/** `linlab page`: the page of what was recorded before, be it a report of the lab or a history of anybody's. */

import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { InputError } from "../../src/base/index.ts";
import { historyPageOf, type PageBundle, pageOf } from "../../visualizer/index.ts";
import { pageBundle } from "./bundle.ts";
import { exitOf } from "./exit.ts";
import { prepareDirectory, readText, writeText } from "./files.ts";
import { HISTORY_FLAGS, HISTORY_HELP, howToJudge, shellWord } from "./history.ts";
import { examine, type JudgeTask } from "./judge.ts";
import { isReport, readReport } from "./saved.ts";
import { drawnOf } from "./sketch.ts";

export const PAGE_HELP = `linlab page FILE: draws a report that linlab run saved, or a history that linlab check
  reads, with the same flags; - is a history on standard input
  --out FILE               the page (default: FILE's name, ending in .html)
  --gzip                   packs the data: half the size, a tenth of a second slower
${HISTORY_HELP}`;

interface Flags {
  readonly task: JudgeTask;
  readonly out: string;
  readonly isPacked: boolean;
  /** Of the flags that only a history takes, one that was given; null if none was. */
  readonly judging: string | null;
}

/** Returns the exit code of the verdict. Throws InputError and HistoryError; there is no page then. */
export async function pageCommand(args: readonly string[]): Promise<number> {
  const { task, out, isPacked, judging } = parseFlags(args);
  await prepareDirectory(dirname(out), "--out");
  const bundle: PageBundle = { ...(await pageBundle()), ...(isPacked ? { pack } : {}) };
  if (task.file !== "-" && isReport(task.file)) {
    if (judging !== null)
      throw new InputError(`--${judging}: ${task.file} is a report, which was judged when it was made`);
    const report = readReport(await readText(task.file), task.file);
    return write(out, report.outcome, pageOf(report, bundle));
  }
  const { judged, model, history, result, ...said } = examine(task);
  const command = `npx linlab page ${args.map(shellWord).join(" ")}`;
  const origin = { file: judged.file, format: judged.format, model: model.name, command };
  const drawn = drawnOf(model, history, result, judged.verdict, said);
  return write(out, judged.verdict, historyPageOf(drawn, origin, bundle));
}

async function write(out: string, outcome: Parameters<typeof exitOf>[0], page: string): Promise<number> {
  await writeText(out, page);
  process.stdout.write(`${out}: ${outcome}\n`);
  return exitOf(outcome);
}

function pack(text: string): string {
  return gzipSync(text).toString("base64");
}

function parseFlags(args: readonly string[]): Flags {
  const { out, gzip, files, ...how } = parse(args);
  const [file, ...more] = files;
  if (file === undefined) throw new InputError("no file given: linlab page FILE; see linlab page --help");
  if (more.length > 0) throw new InputError(`a page draws one file, found ${file} and ${more[0]}`);
  if (out === "") throw new InputError("--out: expected a file, found an empty value");
  return {
    task: { file, ...howToJudge(how) },
    out: out ?? nameFor(file),
    isPacked: gzip ?? false,
    judging: Object.keys(how)[0] ?? null,
  };
}

function parse(args: readonly string[]) {
  const options = { ...HISTORY_FLAGS, out: { type: "string" }, gzip: { type: "boolean" } } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return { ...values, files: positionals };
  } catch (error) {
    throw new InputError(`${(error as Error).message.split(/\.\s/)[0]}; see linlab page --help`);
  }
}

/** Beside the file: seed-1.report.json becomes seed-1.html, a.log becomes a.html. */
function nameFor(file: string): string {
  if (file === "-") return "history.html";
  const stem = basename(file).replace(/(\.report)?\.[^.]+$/, "");
  const name = `${stem === "" ? basename(file) : stem}.html`;
  // Never over what it was made from.
  return join(dirname(file), name === basename(file) ? `${name}.html` : name);
}
