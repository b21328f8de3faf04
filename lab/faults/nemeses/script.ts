/**
 * Scripts: what happens to a cluster, told in order, as a generator that yields each deed and each wait. Whoever plays
 * one resumes it at an instant of its own, so that the same deeds at the same instants, as data, are the same run.
 */

import type { Duration } from "../../../src/base/index.ts";

type Step =
  /** Do this at an instant at which nothing else is done. */
  | { readonly kind: "deed"; deed(): void }
  /** Go on when this is so, or after so long. */
  | { readonly kind: "wait"; readonly until: () => boolean; readonly within: Duration };

/** A wait is answered with whether it was so. */
export type Script<Result = void> = Generator<Step, Result, boolean>;

/** What a script waited for did not happen. A nemesis begins again; a test has failed. */
export class Missed extends Error {
  override readonly name = "Missed";
}
