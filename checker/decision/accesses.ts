/** What an object's operations do to its cell, in columns, as far as a beginning of the history knows. */
import type { Calls } from "../intake/calls.ts";
import { NEVER_RETURNS } from "../intake/intake.ts";
import { atLeast } from "../intake/pool.ts";
import type { CellValue, Model } from "../model/model.ts";

/** Of no interest: it says nothing about the cell. */
const NOTHING = 0;
export const READ = 1;
export const WRITE = 2;
export const APPEND = 3;

/** More values than this are let go after a check. */
const MOST_KEPT = 256;

/** Why there is nothing to decide: an impossible answer, or an operation that is none of the above. */
export type Obstacle = "never" | "other";

export class Accesses {
  count = 0;
  kinds: Int32Array = new Int32Array(0);
  /** What was read, written or appended. */
  readonly values: CellValue[] = [];
  callAt: Int32Array = new Int32Array(0);
  /** At least NEVER_RETURNS if nobody saw the operation return. */
  returnAt: Int32Array = new Int32Array(0);
  private ownReturns: Int32Array = new Int32Array(0);
  initial: CellValue = null;
  hasAppends = false;

  /**
   * Reads the events before the position `cut`: what returns later is pending, what is called later is not there.
   * Stops at the first obstacle.
   */
  load(
    calls: Calls<unknown, unknown>,
    model: Model<unknown, unknown, unknown>,
    cut: number,
  ): Obstacle | null {
    const { traits } = model;
    this.initial = model.initial as CellValue;
    this.hasAppends = false;
    this.kinds = atLeast(this.kinds, calls.count);
    this.callAt = calls.callAt;
    const { kinds, values, callAt } = this;
    const returnAt = this.returns(calls, cut);
    let count = 0;
    for (; count < calls.count && callAt[count]! < cut; count++) {
      const isKnown = returnAt[count]! < NEVER_RETURNS;
      const access = traits!.cell!(calls.inputOf(count), calls.outputOf(count));
      switch (access.kind) {
        case "nothing":
          kinds[count] = NOTHING;
          break;
        case "never":
          // Behind the cut the answer is of no interest, but an order should not contradict it.
          if (isKnown) return "never";
          kinds[count] = NOTHING;
          break;
        case "reads":
          kinds[count] = isKnown ? READ : NOTHING;
          values[count] = access.value;
          break;
        case "writes":
          kinds[count] = WRITE;
          values[count] = access.value;
          break;
        case "appends":
          // An empty text leaves no trace to find it by.
          if (access.text === "") return "other";
          kinds[count] = APPEND;
          values[count] = access.text;
          this.hasAppends = true;
          break;
        default:
          return "other";
      }
    }
    this.count = count;
    return null;
  }

  clear(): void {
    if (this.values.length > MOST_KEPT) this.values.length = 0;
  }

  private returns(calls: Calls<unknown, unknown>, cut: number): Int32Array {
    this.returnAt = calls.returnAt;
    if (cut < NEVER_RETURNS) {
      this.ownReturns = atLeast(this.ownReturns, calls.count);
      for (let i = 0; i < calls.count; i++) {
        const at = calls.returnAt[i]!;
        this.ownReturns[i] = at < cut ? at : NEVER_RETURNS;
      }
      this.returnAt = this.ownReturns;
    }
    return this.returnAt;
  }
}
