/** `linlab explore`: every interleaving of coarse steps within bounds, and what came of it. */

import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { InputError } from "../../src/base/index.ts";
import {
  ALLOWANCES,
  type Bounds,
  boundsText,
  DEFAULT_BUDGET,
  defaultBounds,
  type Exploration,
  type ExploreOptions,
  explore,
  exploreMutant,
  MOST_COMMANDS,
} from "../explore/index.ts";
import { EXIT } from "./exit.ts";
import { styled } from "./style.ts";

export const EXPLORE_HELP = `linlab explore: all interleavings of elections, proposals, replications and
incidents in a tiny world of real servers, the shortest first
  --servers N, --commands N, --terms N             (default: ${defaultBounds.servers}, ${defaultBounds.commands}, ${defaultBounds.terms})
  --crashes N, --losses N, --stalls N, --compactions N, --reads N, --delays N
                           crashes, lost answers, slow writes, snapshots,
                           reads (default: 1 each), late messages (${defaultBounds.delays})
  --incidents N            of these together on one path (default: ${defaultBounds.incidents})
  --pre-vote, --pipelining features that are off otherwise
  --budget N               states to see at most (default: ${DEFAULT_BUDGET})
  --mutant NAME            break one rule of Raft on purpose: see linlab run
  --json                   one JSON object on stdout
`;

/** More would not end, and the renamings of more servers are too many. */
const LIMITS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  servers: [1, 5],
  commands: [0, MOST_COMMANDS],
  terms: [1, 99],
  incidents: [0, 99],
  budget: [1, 100_000_000],
  ...Object.fromEntries(ALLOWANCES.filter((name) => name !== "commands").map((name) => [name, [0, 99]])),
};

interface ExploreFlags {
  readonly options: ExploreOptions;
  readonly mutant: string | null;
  readonly json: boolean;
}

/** Returns the exit code. Throws InputError. */
export async function exploreCommand(args: readonly string[]): Promise<number> {
  const flags = parseExploreFlags(args);
  const began = performance.now();
  const exploration =
    flags.mutant === null ? explore(flags.options) : exploreMutant(flags.mutant, flags.options);
  const seconds = (performance.now() - began) / 1000;
  const { outcome } = exploration;
  const exitCode = { exhausted: EXIT.ok, violation: EXIT.violation, budget: EXIT.undecided }[outcome];
  process.stdout.write(
    flags.json
      ? `${JSON.stringify(jsonOf(exploration, flags.mutant, seconds, exitCode))}\n`
      : textOf(exploration, seconds),
  );
  return exitCode;
}

function parseExploreFlags(args: readonly string[]): ExploreFlags {
  const values = parse(args);
  const given: Partial<Record<keyof Bounds, number | boolean>> = {};
  for (const name of Object.keys(LIMITS)) {
    if (name !== "budget" && values[name] !== undefined)
      given[name as keyof Bounds] = count(name, values[name]);
  }
  if (values["pre-vote"] === true) given.preVote = true;
  if (values.pipelining === true) given.pipelining = true;
  const budget = values.budget === undefined ? DEFAULT_BUDGET : count("budget", values.budget);
  const mutant = typeof values.mutant === "string" ? values.mutant : null;
  return { options: { bounds: given as Partial<Bounds>, budget }, mutant, json: values.json === true };
}

type Values = Readonly<Record<string, string | boolean | undefined>>;

function parse(args: readonly string[]): Values {
  const string = { type: "string" } as const;
  const boolean = { type: "boolean" } as const;
  const counts = Object.fromEntries(Object.keys(LIMITS).map((name) => [name, string]));
  const switches = { "pre-vote": boolean, pipelining: boolean, json: boolean };
  try {
    return parseArgs({ args: [...args], options: { ...counts, mutant: string, ...switches } })
      .values as Values;
  } catch (error) {
    throw new InputError(`${(error as Error).message.split(/\.\s/)[0]}; see linlab explore --help`);
  }
}

function count(name: string, value: string | boolean | undefined): number {
  const [least, most] = LIMITS[name]!;
  const n = Number(value);
  if (/^\d+$/.test(String(value)) && n >= least && n <= most) return n;
  throw new InputError(`--${name} ${value}: expected a whole number from ${least} to ${most}`);
}

function jsonOf(exploration: Exploration, mutant: string | null, seconds: number, exitCode: number): object {
  const { bounds, ...found } = exploration;
  const wallSeconds = Math.round(seconds * 1e6) / 1e6;
  return { format: "linlab-explore", version: 1, mutant, ...found, bounds, wallSeconds, exitCode };
}

function textOf(exploration: Exploration, seconds: number): string {
  const { outcome, bounds, states, transitions, depth, space, violation } = exploration;
  const seen = `${states} states, ${transitions} steps, depth ${depth}`;
  const rate = styled("dim", `${seconds.toFixed(1)} s, ${Math.round(states / seconds)} states/s`);
  switch (outcome) {
    case "exhausted":
      return `${styled("green", "exhausted")}: ${boundsText(bounds)}:\n${seen}, space ${space}: no violation\n${rate}\n`;
    case "budget":
      return `${styled("yellow", "not exhausted")}: ${boundsText(bounds)}:\nthe budget ended at ${seen}: no violation so far\n${rate}\n`;
    case "violation": {
      const { name, message, script } = violation!;
      const lines = script.map((sentence, i) => `${String(i + 1).padStart(4)}. ${sentence}\n`);
      const head = `${styled("red", name)}: ${message}\n`;
      return `${head}after these ${script.length} steps, and never after fewer:\n${lines.join("")}${boundsText(bounds)}: found after ${seen}\n${rate}\n`;
    }
  }
}
