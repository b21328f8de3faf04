/** Follows a recorded run: as long as it is asked for the same decisions in the same order, nothing has changed. */

import { SECOND } from "../../src/base/index.ts";
import { type Decision, keyOf, questionOf, timeOf } from "./decision.ts";

/** Where a run left the recorded one. */
export interface Divergence {
  /** Decisions that were asked for as recorded, of so many. */
  readonly followed: number;
  readonly recorded: number;
  /** In words: what was asked for instead of what. */
  readonly sentence: string;
}

export class Trail {
  divergence: Divergence | null = null;
  private readonly recorded: readonly Decision[];
  private followed = 0;

  constructor(recorded: readonly Decision[]) {
    this.recorded = recorded;
  }

  /** Somebody asked for this decision. */
  asked(decision: Decision): void {
    if (this.divergence !== null) return;
    const expected = this.recorded[this.followed];
    if (expected !== undefined && keyOf(expected) === keyOf(decision)) this.followed++;
    else this.diverge(`at ${clock(decision)} ${questionOf(decision)}`, expected);
  }

  /** The run is over. */
  end(): void {
    const expected = this.recorded[this.followed];
    if (this.divergence === null && expected !== undefined) this.diverge("the run ended", expected);
  }

  private diverge(instead: string, expected: Decision | undefined): void {
    const { followed, recorded } = this;
    const then =
      expected === undefined
        ? "where the recorded run had ended"
        : `where, at ${clock(expected)}, ${questionOf(expected)}`;
    const sentence = `${followed} of ${recorded.length} decisions, then ${instead} ${then}`;
    this.divergence = { followed, recorded: recorded.length, sentence };
  }
}

function clock(decision: Decision): string {
  return `${(timeOf(decision) / SECOND).toFixed(3)} s`;
}
