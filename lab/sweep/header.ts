/**
 * The first line of a results file: all that its results follow from. Only a sweep with the same header may go on
 * where another has stopped, and only shards whose headers agree add up to a campaign.
 */

import { InputError } from "../../src/base/index.ts";
import { MARKS } from "../marks/index.ts";
import { flagsOf, LINLAB_VERSION, quoted, type RunOptions } from "../run/index.ts";
import { isCount, isObject, type Place, parseObject, placeText } from "./line.ts";
import type { Seeds, Shard } from "./shard.ts";

const FORMAT = "linlab-sweep-results";
const VERSION = 1;

/** Costs a fiftieth of the time. */
export const DEFAULT_RECHECK = 50;

/** What a sweep is asked for. */
export interface Plan {
  /** Of the whole campaign. */
  readonly seeds: Seeds;
  readonly shard: Shard;
  /** The options that are the same for every seed; the others each seed draws. */
  readonly given: Partial<RunOptions>;
  /** One seed in so many runs twice; 0 for none. */
  readonly recheck: number;
}

export interface Header extends Plan {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  /** The linlab version that wrote it: a seed promises nothing across versions. */
  readonly linlab: string;
  /** A fingerprint of the code, for whoever changes it without a new version. */
  readonly code: string;
  /** The situations, which results know by their numbers here. */
  readonly marks: readonly string[];
}

export function headerOf({ seeds, shard, given, recheck }: Plan, code: string): Header {
  const plan = { seeds, shard, given, recheck };
  return { format: FORMAT, version: VERSION, linlab: LINLAB_VERSION, code, ...plan, marks: MARKS };
}

/** Throws InputError, with file and line. */
export function readHeader(text: string, place: Place): Header {
  const header = parseObject(text, place, "these are not the results of linlab sweep");
  const where = placeText(place);
  if (header.format !== FORMAT) throw new InputError(`${where}: these are not the results of linlab sweep`);
  const marks = JSON.stringify(header.marks);
  if (header.version !== VERSION || header.linlab !== LINLAB_VERSION || marks !== JSON.stringify(MARKS)) {
    throw new InputError(
      `${where}: written by another linlab (${header.linlab}, format ${header.version}), for which seeds mean ` +
        "something else: sweep anew, with --fresh or with --out another directory",
    );
  }
  if (!isWhole(header)) throw new InputError(`${where}: the header is damaged: sweep anew, with --fresh`);
  return header as unknown as Header;
}

/** In words, what makes these headers of different sweeps, or of different campaigns; null if nothing does. */
export function differenceOf(here: Header, wanted: Header, set: "sweep" | "campaign"): string | null {
  const [mine, theirs] = [inWords(here), inWords(wanted)];
  const names = Object.keys(mine).filter((name) => set === "sweep" || name !== "shard");
  const name = names.find((each) => mine[each] !== theirs[each]);
  return name === undefined ? null : `${name} ${mine[name]}, not ${theirs[name]}`;
}

function inWords({
  seeds: [from, to],
  shard,
  given,
  recheck,
  code,
}: Header): Readonly<Record<string, string>> {
  return {
    seeds: `${from}..${to}`,
    "a number of shards of": String(shard.count),
    shard: `${shard.index}/${shard.count}`,
    options: flagsOf(given).trim() || "none",
    recheck: String(recheck),
    "linlab's code": code,
  };
}

/** The command that runs what is left of a plan. */
export function sweepCommand({ seeds: [from, to], shard, given, recheck }: Plan, out: string): string {
  const words = ["npx linlab sweep", `--seeds ${from}..${to}`];
  if (shard.count > 1) words.push(`--shard ${shard.index}/${shard.count}`);
  if (recheck !== DEFAULT_RECHECK) words.push(`--recheck ${recheck}`);
  words.push(`--out ${quoted(out)}`);
  return words.join(" ") + flagsOf(given);
}

function isWhole({ seeds, shard, given, recheck, code }: Readonly<Record<string, unknown>>): boolean {
  if (!Array.isArray(seeds) || seeds.length !== 2 || !isObject(shard) || !isObject(given)) return false;
  if (typeof code !== "string") return false;
  const [from, to] = seeds;
  const { index, count } = shard;
  if (![from, to, index, count, recheck].every(isCount)) return false;
  const size = to - from + 1;
  return (
    size >= 1 && (index as number) >= 1 && (index as number) <= (count as number) && (count as number) <= size
  );
}
