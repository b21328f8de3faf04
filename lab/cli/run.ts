/** `linlab run`: one seed or many, each run, checked and written down. */

import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { writeHistory } from "porcupine-ts";
import { pageOf } from "../../visualizer/index.ts";
import { readSchedule, writeSchedule } from "../faults/index.ts";
import { failureOf, writeFailure } from "../replay/index.ts";
import { type GivenSchedule, investigated, LINLAB_VERSION, type Line, type Run, run } from "../run/index.ts";
import { pageBundle } from "./bundle.ts";
import { type Artefacts, Campaign, summaryOf } from "./campaign.ts";
import { prepareDirectory, readText, writeAll } from "./files.ts";
import { parseRunFlags, type RunFlags } from "./flags.ts";
import { jsonOf } from "./json.ts";
import { progress } from "./progress.ts";
import { campaignText, runText } from "./prose.ts";
import { tracePrinter } from "./trace.ts";

/** Of many failing seeds, only the first few get files; the others' replay command writes them. */
const MOST_FAILURES_WRITTEN = 10;

/** Returns the exit code. Throws InputError; a single run has then written nothing. */
export async function runCommand(args: readonly string[]): Promise<number> {
  const flags = parseRunFlags(args);
  const given = await givenSchedule(flags.schedule);
  await prepareDirectory(flags.out);
  const campaign = await runAll(flags, given);
  process.stdout.write(flags.json ? `${JSON.stringify(jsonOf(campaign))}\n` : campaignText(campaign));
  return campaign.exitCode;
}

async function givenSchedule(file: string | null): Promise<GivenSchedule | null> {
  return file === null ? null : { file, schedule: readSchedule(await readText(file), file) };
}

async function runAll(flags: RunFlags, given: GivenSchedule | null): Promise<Campaign> {
  const [from, to] = flags.seeds;
  const single = from === to;
  const campaign = new Campaign(flags.options, given?.file ?? null);
  const shownProgress = progress(to - from + 1);
  let written = 0;
  for (let seed = from; seed <= to; seed++) {
    const began = performance.now();
    const result = run(seed, flags.options, { given, ...narration(flags) });
    const wallSeconds = (performance.now() - began) / 1000;
    const wanted = single || (result.report.outcome !== "ok" && written < MOST_FAILURES_WRITTEN);
    if (wanted) written++;
    const files = wanted ? await writeRun(flags.out, investigated(result, given), given) : null;
    campaign.add(summaryOf(result.report, wallSeconds, files));
    if (single && !flags.json) process.stdout.write(runText(result.report));
    shownProgress.update(campaign.runs.length, campaign.failures.length);
  }
  shownProgress.end();
  return campaign;
}

function narration({ trace, options }: RunFlags): { narrate?: (line: Line) => void } {
  if (trace === null) return {};
  const print = tracePrinter(options.servers);
  return { narrate: (line) => (trace.includes(line.topic) ? print(line) : undefined) };
}

async function writeRun(
  directory: string,
  { report, history, schedule }: Run,
  given: GivenSchedule | null,
): Promise<Artefacts> {
  const base = `seed-${report.seed}`;
  const names = {
    page: `${base}.html`,
    history: `${base}.history.ndjson`,
    report: `${base}.report.json`,
    schedule: `${base}.schedule.json`,
  };
  const { seed, options } = report;
  // The run once more, with its decisions written down.
  const failure =
    report.outcome !== "ok" && report.outcome !== "unknown" ? failureOf(seed, options, given) : null;
  const failureName = `${base}.failure.json`;
  const header = { model: "kv", linlab: LINLAB_VERSION, seed, options };
  await writeAll(
    directory,
    new Map([
      [names.page, pageOf(report, await pageBundle())],
      [names.history, writeHistory(header, history)],
      [names.report, `${JSON.stringify(report)}\n`],
      [names.schedule, writeSchedule(schedule)],
      ...(failure === null ? [] : ([[failureName, writeFailure(failure)]] as const)),
    ]),
  );
  return {
    page: join(directory, names.page),
    history: join(directory, names.history),
    report: join(directory, names.report),
    schedule: join(directory, names.schedule),
    failure: failure === null ? null : join(directory, failureName),
  };
}
