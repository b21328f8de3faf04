/** `linlab shrink`: the least that still shows a failure, as a file, as sentences and as a test. */

import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { counted } from "../../src/base/index.ts";
import { type Failure, replay, signatureText } from "../replay/index.ts";
import { quoted } from "../run/index.ts";
import { regressionTest, remainingOf, type Shrunk, shrink, storyOf } from "../shrink/index.ts";
import { EXIT } from "./exit.ts";
import { prepareDirectory, writeText } from "./files.ts";
import { COLUMNS, field, wrapped } from "./layout.ts";
import { saveFailure } from "./replay.ts";
import { failureFrom, parseGiven } from "./replay-source.ts";
import { styled } from "./style.ts";

export const SHRINK_HELP = `linlab shrink FILE|SEED: looks for the least that shows the same violation: fewer
                           servers, clients, commands, faults and delays
  --out FILE               where the script goes (default: beside FILE, or
                           in linlab-out, as ... .shrunk.json)
  --test FILE              write it as a vitest test as well
  --json                   one JSON object on stdout
  with a SEED also the flags of linlab run that say what is run
`;

const FLAGS = { out: { type: "string" }, test: { type: "string" }, json: { type: "boolean" } } as const;

/** What a regression test imports. */
const REPLAY = fileURLToPath(new URL("../replay/index.ts", import.meta.url));

/** Returns the exit code: 1, for a violation there is, or 0 if nothing is wrong. Throws InputError. */
export async function shrinkCommand(args: readonly string[]): Promise<number> {
  const { source, values } = parseGiven("shrink", args, FLAGS);
  const base =
    source.kind === "file" ? source.file.replace(/(\.failure)?\.json$/, "") : `seed-${source.seed}`;
  const out =
    values.out ??
    (source.kind === "file" ? `${base}.shrunk.json` : join("linlab-out", `${base}.shrunk.json`));
  const files = { out: String(out), test: typeof values.test === "string" ? values.test : null };
  await prepareDirectory(dirname(files.out));
  if (files.test !== null) await prepareDirectory(dirname(files.test), "--test");
  const failure = await failureFrom(source);
  const now = failure === null ? null : replayedNow(failure);
  if (now === null) return fine(values.json === true);
  const shrunk = shrink(now);
  await saveFailure(shrunk.failure, files.out);
  if (files.test !== null) await writeText(files.test, testFor(shrunk.failure, files.test));
  const told =
    values.json === true ? `${JSON.stringify(jsonOf(now, shrunk, files))}\n` : textOf(now, shrunk, files);
  process.stdout.write(told);
  return EXIT.violation;
}

interface Files {
  readonly out: string;
  readonly test: string | null;
}

/** The failure as the code shows it today, which may be another violation; null if it no longer shows any. */
function replayedNow(failure: Failure): Failure | null {
  const { finding, isSameRun } = replay(failure);
  if (finding === null || isSameRun) return finding === null ? null : failure;
  return { ...failure, ...finding };
}

function fine(json: boolean): number {
  const object = { format: "linlab-shrink", version: 1, violation: null, exitCode: EXIT.ok };
  process.stdout.write(
    json ? `${JSON.stringify(object)}\n` : "Nothing is wrong: there is nothing to shrink.\n",
  );
  return EXIT.ok;
}

function testFor(failure: Failure, file: string): string {
  const path = relative(dirname(file), REPLAY).replaceAll("\\", "/");
  return regressionTest(failure, path.startsWith(".") ? path : `./${path}`);
}

function textOf(original: Failure, { failure, runs }: Shrunk, { out, test }: Files): string {
  const { faults, messages, commands } = remainingOf(failure);
  const left = [counted(faults, "fault"), counted(messages, "message"), counted(commands, "command")];
  const head = `${signatureText(failure)}: ${original.events} events became ${failure.events}, after ${runs} runs: ${left.join(", ")}.`;
  const lines = [
    styled("bold", head),
    "",
    ...storyOf(failure).flatMap((sentence) => wrapped(sentence.split(" "), " ", COLUMNS)),
    "",
    field("Failure", out),
    ...(test === null ? [] : [field("Test", test)]),
    field("Digest", failure.digest),
    field("Replay", `npx linlab replay ${quoted(out)}`),
  ];
  return `${lines.join("\n")}\n`;
}

function jsonOf(original: Failure, { failure, runs }: Shrunk, { out, test }: Files): object {
  return {
    format: "linlab-shrink",
    version: 1,
    violation: { oracle: failure.oracle, class: failure.class },
    sentence: failure.sentence,
    digest: failure.digest,
    originalEvents: original.events,
    events: failure.events,
    ...remainingOf(failure),
    runs,
    options: failure.options,
    story: storyOf(failure),
    failure: out,
    test,
    replay: `npx linlab replay ${quoted(out)}`,
    exitCode: EXIT.violation,
  };
}
