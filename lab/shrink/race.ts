/**
 * The race for a shorter failing run: the bug does not care for the seed that found it, and the next seeds of a
 * smaller cluster are as good. Minimising begins where the fewest things happen.
 */

import { SECOND } from "../../src/base/index.ts";
import { type Decision, type Failure, isSame, record } from "../replay/index.ts";
import type { RunOptions } from "../run/index.ts";
import { OVERHEAD } from "./trials.ts";

/** How large a world is. */
type Size = Pick<RunOptions, "servers" | "clients" | "keys" | "duration">;

/** A kind of run that takes part: no larger than this, and perhaps set up as the original was. */
interface Runner {
  readonly size: Partial<Size>;
  /** Many a bug shows only with certain features, limits and networks. */
  readonly keepsSurroundings: boolean;
}

const RUNNERS: readonly Runner[] = [
  { size: { servers: 3, clients: 2, keys: 1, duration: 2 * SECOND }, keepsSurroundings: true },
  { size: { servers: 3, clients: 2, keys: 1, duration: 2 * SECOND }, keepsSurroundings: false },
  { size: { servers: 3, clients: 3, keys: 1, duration: 4 * SECOND }, keepsSurroundings: true },
  { size: { servers: 3, keys: 1 }, keepsSurroundings: true },
  { size: { keys: 1 }, keepsSurroundings: true },
];

/** When so many have been found, the shortest of them is short enough. */
const ENOUGH = 6;

export interface Raced {
  /** The failing runs of the same violation, shortest first. */
  readonly found: readonly Failure[];
  readonly runs: number;
}

/** `budget` in events, of which each runner gets the same share: the small ones run more often. */
export function race(original: Failure, budget: number): Raced {
  const found: Failure[] = [];
  const spent = RUNNERS.map(() => 0);
  let lap = 0;
  while (found.length < ENOUGH && sum(spent) < budget) {
    lap++;
    const next = spent.indexOf(Math.min(...spent));
    const { failure, events } = start(RUNNERS[next]!, original, lap);
    spent[next]! += events + OVERHEAD;
    if (failure !== null && isSame(failure, original) && failure.events < original.events)
      found.push(failure);
  }
  return { found: found.sort((a, b) => a.events - b.events), runs: lap };
}

function start({ size, keepsSurroundings }: Runner, original: Failure, lap: number) {
  const limit = { ...original.options, ...size };
  const least = (name: keyof Size) => Math.min(original.options[name], limit[name]);
  const options: RunOptions = {
    ...original.options,
    ...{ servers: least("servers"), clients: least("clients") },
    ...{ keys: least("keys"), duration: least("duration") },
  };
  const decided = keepsSurroundings ? surroundingsOf(original, options.clients) : [];
  return record(original.seed + lap, options, null, decided);
}

/** The settings and the network of a failure, for so many clients. */
function surroundingsOf({ decisions, options }: Failure, clients: number): readonly Decision[] {
  return decisions.flatMap((decision): readonly Decision[] => {
    if (decision.kind === "conditions") return [decision];
    if (decision.kind !== "settings") return [];
    const { settings } = decision;
    const maxSessions = Math.max(clients, settings.maxSessions - options.clients + clients);
    return [{ kind: "settings", settings: { ...settings, maxSessions } }];
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
