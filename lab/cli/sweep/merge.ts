/** `linlab merge`: proves that the shards of a campaign ran every seed exactly once, and adds up what they found. */

import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { counted, InputError } from "../../../src/base/index.ts";
import {
  Coverage,
  type Double,
  differenceOf,
  type Header,
  type Place,
  placeText,
  type SeedResult,
  type Seeds,
  seedsOfShard,
  sweepCommand,
  Tally,
} from "../../sweep/index.ts";
import { EXIT, exitOfTally, worstExit } from "../exit.ts";
import { field } from "../layout.ts";
import { type ResultsReader, readResults, resultsIn } from "./results.ts";
import { failureLines, foundLines, outcomesLine, rangeText, tallyJson } from "./summary.ts";

export const MERGE_HELP = `linlab merge DIR...: proves from the results of linlab sweep that the shards
                           of a campaign ran every seed exactly once; sums up
  --json                   one JSON object on stdout
`;

const MOST_TOLD = 20;

interface Merged {
  /** Of the first file. */
  readonly header: Header;
  readonly files: readonly string[];
  readonly tally: Tally;
  readonly missing: readonly Seeds[];
  readonly doubles: readonly Double[];
  /** The commands that run what is missing. */
  readonly goOn: readonly string[];
  readonly exitCode: number;
}

/** Returns the exit code. Throws InputError. */
export async function mergeCommand(args: readonly string[]): Promise<number> {
  const { paths, json } = parse(args);
  const merged = merge([...new Set(paths.flatMap(resultsIn))]);
  process.stdout.write(json ? `${JSON.stringify(mergeJson(merged))}\n` : mergeText(merged));
  return merged.exitCode;
}

function parse(args: readonly string[]): { readonly paths: readonly string[]; readonly json: boolean } {
  try {
    const options = { json: { type: "boolean" } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    if (positionals.length === 0) throw new Error("no results given: linlab merge DIR...");
    return { paths: positionals, json: values.json ?? false };
  } catch (error) {
    throw new InputError(`${(error as Error).message.split(/\.\s/)[0]}; see linlab merge --help`);
  }
}

/** Reads every file before it says anything. Throws InputError if they are no campaign. */
function merge(files: readonly string[]): Merged {
  const campaign = new Campaign();
  for (const file of files) readResults(file, campaign);
  const { first, coverage, tally } = campaign;
  if (first === null || coverage === null || tally === null) {
    throw new InputError(`${files[0]} is empty: its sweep was stopped before it began, so let it go on`);
  }
  const { missing, doubles } = coverage;
  return {
    header: first.header,
    files,
    tally,
    missing,
    doubles,
    goOn: unfinished(first.header, coverage).map((index) => {
      const file = campaign.fileOf.get(index) ?? first.place.file;
      return sweepCommand({ ...first.header, shard: { ...first.header.shard, index } }, dirname(file));
    }),
    exitCode: worstExit([
      exitOfTally(tally),
      // The same seed came to different results: no replay can be trusted.
      doubles.some(({ differing }) => differing) ? EXIT.violation : EXIT.ok,
      missing.length + doubles.length > 0 ? EXIT.undecided : EXIT.ok,
    ]),
  };
}

/** What is read from file after file. */
class Campaign implements ResultsReader {
  first: { readonly header: Header; readonly place: Place } | null = null;
  coverage: Coverage | null = null;
  tally: Tally | null = null;
  /** By shard: the first file of its results. */
  readonly fileOf = new Map<number, string>();

  header(header: Header, place: Place): void {
    if (this.first === null) {
      this.first = { header, place };
      this.coverage = new Coverage(header.seeds);
      this.tally = new Tally(header);
    }
    const { index } = header.shard;
    if (!this.fileOf.has(index)) this.fileOf.set(index, place.file);
    const difference = differenceOf(header, this.first.header, "campaign");
    if (difference === null) return;
    throw new InputError(
      `${placeText(place)}: of another campaign than ${this.first.place.file}, with ${difference}: merge each by itself`,
    );
  }

  result(result: SeedResult, place: Place): void {
    if (this.coverage!.add(result, place)) this.tally!.add(result);
  }
}

/** The shards that lack a seed. */
function unfinished({ seeds, shard: { count } }: Header, { missing }: Coverage): readonly number[] {
  const shards = Array.from({ length: count }, (_, i) => i + 1);
  return shards.filter((index) => {
    const [from, to] = seedsOfShard(seeds, { index, count });
    return missing.some((range) => range[0] <= to && range[1] >= from);
  });
}

function mergeText({ header, files, tally, missing, doubles, goOn, exitCode }: Merged): string {
  const { seeds, shard } = header;
  const shards = counted(shard.count, "shard");
  const lines = [
    `Merge: seeds ${rangeText(seeds)} in ${shards}, from ${counted(files.length, "file")} ...`,
    outcomesLine(tally, exitCode),
  ];
  if (missing.length + doubles.length === 0) lines.push("Every seed was run exactly once.");
  lines.push("", ...foundLines(tally));
  if (missing.length > 0) {
    const count = missing.reduce((sum, [from, to]) => sum + to - from + 1, 0);
    lines.push("", `${counted(count, "seed")} missing: ${shortened(missing.map(rangeText)).join(", ")}`);
    lines.push(...shortened(goOn).map((command) => field("Go on", command)));
  }
  if (doubles.length > 0) {
    const told = doubles.map(
      ({ seed, places, differing }) =>
        `  ${seed}: ${places.join(", ")}${differing ? ", and the results differ" : ""}`,
    );
    lines.push("", `${counted(doubles.length, "seed")} more than once:`, ...shortened(told));
  }
  lines.push(...failureLines(tally));
  return `${lines.join("\n")}\n`;
}

function shortened(items: readonly string[]): readonly string[] {
  const more = items.length - MOST_TOLD;
  return more <= 0 ? items : [...items.slice(0, MOST_TOLD), `and ${more} more; --json names them all`];
}

function mergeJson({ header, files, tally, missing, doubles, goOn, exitCode }: Merged): object {
  const { seeds, shard, given, recheck } = header;
  return {
    format: "linlab-merge",
    version: 1,
    seeds,
    shards: shard.count,
    given,
    recheck,
    files,
    /** Ranges from ... to. */
    missing,
    doubles,
    goOn,
    ...tallyJson(tally),
    exitCode,
  };
}
