/** What a suite is to whoever runs it: a name, and a function from a seed to a result. No test runner is in it. */

import { AssertionError, type Duration, type Instant, SECOND } from "../../src/base/index.ts";

export interface Suite {
  /** The Go labs' name for it. */
  readonly name: string;
  /** The same seed gives the same result, digest and all. */
  run(seed: number): SuiteResult;
}

/** The figures of the Go labs' "Passed" line, and what went wrong. */
export interface SuiteResult {
  readonly name: string;
  /** What the seed has drawn beside chance, in words, such as the features of Raft; null if nothing. */
  readonly variant: string | null;
  /** In sentences; empty if nothing went wrong. */
  readonly problems: readonly string[];
  /** The only problem is that the check of the history came to no end: nothing is known to be wrong. */
  readonly undecided: boolean;
  readonly virtualSeconds: number;
  readonly servers: number;
  readonly rpcs: number;
  readonly bytes: number;
  readonly commands: number;
  readonly digest: string;
}

/** The line that the Go labs print for a test that passed, column for column; the seconds are virtual. */
export function passedLine({ virtualSeconds, servers, rpcs, bytes, commands }: SuiteResult): string {
  const seconds = virtualSeconds.toFixed(1).padStart(5);
  const columns = [String(rpcs).padStart(6), String(bytes).padStart(9), String(commands).padStart(5)];
  return `  ... Passed -- ${seconds} ${String(servers).padStart(2)} ${columns.join(" ")}`;
}

/** The Go labs give every test two minutes. */
export const LIMIT: Duration = 120 * SECOND;

/** What is wrong with a test that has ended now. */
export function lateness(now: Instant): readonly string[] {
  return now > LIMIT ? [`the test took ${(now / SECOND).toFixed(1)} s, more than its ${LIMIT / SECOND}`] : [];
}

/** The one command that runs it again. */
export function replayCommand(name: string, seed: number, mutant: string | null = null): string {
  const quoted = /^\w+$/.test(name) ? name : `"${name}"`;
  return `npx linlab suite ${quoted} --seed ${seed}${mutant === null ? "" : ` --mutant ${mutant}`}`;
}

/** What a suite demanded did not hold. It ends the suite's script from however deep, and never leaves the suite. */
class Failure extends Error {
  override readonly name = "Failure";
}

/** Ends the suite that is running: it has this problem. */
export function fail(problem: string): never {
  throw new Failure(problem);
}

/** Runs a suite's script. An assertion in the system under test is a problem like every other. */
export function problemsOf(script: () => void): readonly string[] {
  try {
    script();
    return [];
  } catch (error) {
    if (error instanceof Failure) return [error.message];
    if (error instanceof AssertionError) return [`an assertion failed: ${error.message}`];
    throw error;
  }
}
