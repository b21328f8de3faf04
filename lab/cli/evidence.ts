/** What a KV test that failed leaves behind: the history as NDJSON, for any checker, and the page that shows it. */

import { join } from "node:path";
import { writeHistory } from "porcupine-ts";
import { InputError } from "../../src/base/index.ts";
import { pageOf } from "../../visualizer/index.ts";
import { LINLAB_VERSION } from "../run/index.ts";
import { type KvSuite, kvSuites, kvVariants } from "../suites/index.ts";
import { pageBundle } from "./bundle.ts";
import { prepareDirectory, writeAll } from "./files.ts";
import type { Trial } from "./trial.ts";

/** Where the two files are. */
export interface Evidence {
  readonly history: string;
  readonly page: string;
}

/** Runs a KV test again and writes down what happened. Null for a test without a history. Throws InputError. */
export async function writeEvidence(directory: string, trial: Trial): Promise<Evidence | null> {
  const suite = [...kvSuites, ...kvVariants].find(({ name }) => name === trial.name);
  if (suite === undefined) return null;
  const { history, report } = inspected(suite, trial);
  await prepareDirectory(directory);
  const base = `${trial.name.replace(/\W+/g, "-").replace(/-$/, "")}-seed-${trial.seed}`;
  const names = { history: `${base}.history.ndjson`, page: `${base}.html` };
  const header = { model: "kv", linlab: LINLAB_VERSION, seed: trial.seed, options: report.options };
  await writeAll(
    directory,
    new Map([
      [names.history, writeHistory(header, history)],
      [names.page, pageOf(report, await pageBundle())],
    ]),
  );
  return { history: join(directory, names.history), page: join(directory, names.page) };
}

function inspected(suite: KvSuite, { seed, mutant }: Trial): ReturnType<KvSuite["inspect"]> {
  try {
    return suite.inspect(seed, mutant);
  } catch (error) {
    throw new InputError(`it threw before there was a history to write: ${(error as Error).message}`);
  }
}
