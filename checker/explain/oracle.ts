/** The explanation's only door to the search: is this handful, or this prefix, explained by some order? */
import type { Model } from "../model.ts";
import { Search } from "../search.ts";
import { subhistoriesOf } from "../subhistory.ts";
import type { Verdict } from "../verdict.ts";
import { linearizationOf, partialsOf } from "../witness.ts";
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
    return this.search(calls)?.verdict ?? (calls.length === 0 ? "ok" : "unknown");
  }

  isIllegal(calls: readonly Call<Input, Output>[]): boolean {
    return this.verdict(calls) === "illegal";
  }

  /** Ids in an order that explains the calls; null if there is none, or none was found. */
  order(calls: readonly Call<Input, Output>[]): readonly number[] | null {
    const search = this.search(calls);
    return search === null ? null : linearizationOf(search);
  }

  /** The verdict, and ids in the longest order that was found. */
  attempt(calls: readonly Call<Input, Output>[]): Attempt {
    const search = this.search(calls);
    if (search === null) return { verdict: this.verdict(calls), longest: [], steps: 0 };
    const longest = linearizationOf(search) ?? partialsOf(search)[0] ?? [];
    return { verdict: search.verdict, longest, steps: search.steps };
  }

  /** Null without calls, and when the budget is spent. */
  private search(calls: readonly Call<Input, Output>[]): Search<State, Input, Output> | null {
    if (calls.length === 0 || this.left <= 0) return null;
    const [subhistory] = subhistoriesOf(this.model, eventsOf(calls));
    const search = new Search(this.model, subhistory!);
    search.run(this.left);
    // To lay out a subhistory costs as well, whatever is explored.
    this.left -= search.steps + calls.length;
    return search;
  }
}
