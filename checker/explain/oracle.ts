/** The explanation's only door to the search: is this handful, or this prefix, explained by some order? */
import { judge } from "../judge/judge.ts";
import type { Model } from "../model/model.ts";
import type { ObjectResult } from "../result.ts";
import type { Verdict } from "../verdict.ts";
import { type Call, eventsOf } from "./call.ts";

export interface Attempt {
  readonly verdict: Verdict;
  readonly longest: readonly number[];
  /** Configurations explored. */
  readonly steps: number;
}

/** Asks about calls on one object, until a budget of steps is spent; then every answer is "unknown". */
export class Oracle<State, Input, Output> {
  readonly model: Model<State, Input, Output>;
  private left: number;

  constructor(model: Model<State, Input, Output>, budget: number) {
    this.model = model;
    this.left = budget;
  }

  verdict(calls: readonly Call<Input, Output>[]): Verdict {
    return this.ask(calls)?.verdict ?? (calls.length === 0 ? "ok" : "unknown");
  }

  isIllegal(calls: readonly Call<Input, Output>[]): boolean {
    return this.verdict(calls) === "illegal";
  }

  /** Ids in an order that explains the calls; null if there is none, or none was found. */
  order(calls: readonly Call<Input, Output>[]): readonly number[] | null {
    return this.ask(calls)?.linearization ?? null;
  }

  /** The verdict, and ids in the longest order that was found: worked out when it is asked for. */
  attempt(calls: readonly Call<Input, Output>[]): Attempt {
    const result = this.ask(calls);
    if (result === null) return { verdict: this.verdict(calls), longest: [], steps: 0 };
    const { verdict, steps } = result;
    return {
      verdict,
      steps,
      get longest() {
        return result.linearization ?? result.partials[0] ?? [];
      },
    };
  }

  /** Null without calls, and when the budget is spent. */
  private ask(calls: readonly Call<Input, Output>[]): ObjectResult | null {
    if (calls.length === 0 || this.left <= 0) return null;
    const model = this.model as Model<unknown, unknown, unknown>;
    const [result] = judge(model, eventsOf(calls), { budget: this.left }, () => null).objects;
    // To lay out a subhistory costs as well, whatever is explored.
    this.left -= result!.steps + calls.length;
    return result!;
  }
}
