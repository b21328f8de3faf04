/**
 * From an illegal prefix to a core: everything that can be left out by a sound step is, as long as what stays is
 * illegal.
 *
 * Delta debugging would drop any operation, and so lie: without the write of a value every read of it looks like
 * a phantom. Here the steps alone decide what may go (`steps/`, each with its argument), and the search decides what
 * has to stay. A step is tried on all its candidates at once, then on halves of them, and so on down to single ones:
 * of n candidates of which k have to stay that asks some k log n questions. Rounds go on until one changes nothing.
 */
import type { KvInput, KvOutput, KvState } from "../models/kv.ts";
import type { Call } from "./call.ts";
import type { Code } from "./code.ts";
import type { Oracle } from "./oracle.ts";
import { cutTail } from "./steps/cut.ts";
import { erasable, erase } from "./steps/erase.ts";
import { forget } from "./steps/forget.ts";
import { dropReads, readOnly } from "./steps/reads.ts";
import { dropUnobserved } from "./steps/unobserved.ts";
import type { KvCall } from "./translation.ts";

/** Calls that are illegal, like those that they are left of. */
export interface Shrunk<C> {
  readonly calls: readonly C[];
  /** False if the budget ended before every step had been tried. */
  readonly isSmallest: boolean;
}

/** For any model. */
export function shrink<State, Input, Output>(
  oracle: Oracle<State, Input, Output>,
  calls: readonly Call<Input, Output>[],
): Shrunk<Call<Input, Output>> {
  const shrinking = new Shrinking(oracle, calls, cutTail);
  while (shrinking.dropReads() || shrinking.forgetWrites());
  return shrinking;
}

/** For kv, where unobserved writes and appended tokens may go too. `code` is that of the whole history. */
export function shrinkKv(
  oracle: Oracle<KvState, KvInput, KvOutput>,
  calls: readonly KvCall[],
  code: Code,
): Shrunk<KvCall> {
  const { initial } = oracle.model;
  const tidied = (left: readonly KvCall[]) => dropUnobserved(cutTail(left));
  const shrinking = new Shrinking(oracle, calls, tidied);
  const eraseTokens = () =>
    shrinking.leaveOut(erasable(shrinking.calls, code, initial), (left, tokens) =>
      erase(left, code, initial, new Set(tokens)),
    );
  while (shrinking.dropReads() || shrinking.forgetWrites() || eraseTokens());
  return shrinking;
}

class Shrinking<State, Input, Output> implements Shrunk<Call<Input, Output>> {
  calls: readonly Call<Input, Output>[];
  isSmallest = true;
  private readonly oracle: Oracle<State, Input, Output>;
  private readonly tidied: Tidy<Input, Output>;

  /** `tidied` takes away what nobody observes: that needs no question, since it never makes illegal calls legal. */
  constructor(
    oracle: Oracle<State, Input, Output>,
    calls: readonly Call<Input, Output>[],
    tidied: Tidy<Input, Output>,
  ) {
    this.oracle = oracle;
    this.tidied = tidied;
    this.calls = tidied(calls);
  }

  /** The oldest first: what is near the impossible reply is easier to follow. True if something could go. */
  dropReads(): boolean {
    const { model } = this.oracle;
    return this.leaveOut(
      readOnly(model, this.calls).map(({ id }) => id),
      (calls, ids) => dropReads(model, calls, new Set(ids)),
    );
  }

  /** The last to return first: of several writes that were missed the first one dates the answer. */
  forgetWrites(): boolean {
    const reads = new Set(readOnly(this.oracle.model, this.calls).map(({ id }) => id));
    const writes = this.calls.filter((call) => call.return !== Infinity && !reads.has(call.id));
    writes.sort((a, b) => b.return - a.return);
    return this.leaveOut(
      writes.map(({ id }) => id),
      (calls, ids) => forget(calls, new Set(ids)),
    );
  }

  /** Leaves out as many candidates as can go. True if that were some. */
  leaveOut<Candidate>(
    candidates: readonly Candidate[],
    without: (calls: readonly Call<Input, Output>[], some: readonly Candidate[]) => Call<Input, Output>[],
  ): boolean {
    if (candidates.length === 0) return false;
    const fewer = this.tidied(without(this.calls, candidates));
    const verdict = this.oracle.verdict(fewer);
    if (verdict === "illegal") {
      this.calls = fewer;
      return true;
    }
    if (verdict === "unknown") this.isSmallest = false;
    if (candidates.length === 1) return false;
    const half = candidates.length >>> 1;
    const left = this.leaveOut(candidates.slice(0, half), without);
    return this.leaveOut(candidates.slice(half), without) || left;
  }
}

type Tidy<Input, Output> = (calls: readonly Call<Input, Output>[]) => readonly Call<Input, Output>[];

/**
 * The operation whose reply a core is about: the last reply. That is the first impossible one of the history, unless
 * that was a refused cas: read-only, it may have been dropped, but before its reply it might have swapped, and so made
 * the others possible.
 */
export function culpritOf<C extends Call<unknown, unknown>>(core: readonly C[]): C {
  const replies = core.filter((call) => call.return !== Infinity);
  return replies.reduce((last, call) => (call.return > last.return ? call : last));
}
