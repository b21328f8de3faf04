/**
 * What an explanation says: plain data that JSON can carry, for the terminal, the page and a test's message.
 * Times are the history's own, in microseconds, and for display only; operations are named by their ids.
 */

export type Explanation = Violation | Undecided;

/** Why no order explains an object's answers. */
export interface Violation {
  readonly kind: "violation";
  readonly object: string;
  /** How many operations the object's subhistory has: the core is so few of so many. */
  readonly operations: number;
  /** What went wrong, in one sentence for people. */
  readonly sentence: string;
  readonly class: ViolationClass;
  readonly impossible: ImpossibleReply;
  /**
   * Operations that already contradict each other, in the order of their calls: all that a reader must look at. The
   * ways by which the others were left out can never invent a violation; see `steps`.
   */
  readonly core: readonly CoreOperation[];
  /** False if the budget ended before everything that could be left out was. */
  readonly isSmallest: boolean;
  /** Only the relations that the contradiction needs. */
  readonly relations: readonly Relation[];
  /** What the impossible reply could have been; empty for models that the explanation cannot ask. */
  readonly alternatives: readonly Alternative[];
  readonly staleness: Staleness | null;
  /** The core in the orders that the clock allows, the one that goes furthest first; empty where there is no asking. */
  readonly attempts: readonly OrderAttempt[];
}

/**
 * Each class has a predicate of its own, which looks at the core and nothing else (`classes.ts`).
 * - `phantom-value`: a value that nobody wrote.
 * - `read-before-write`: the read had returned before the write of its value began.
 * - `stale-read`: the answer was right once, but a newer write had finished before the read began.
 * - `reads-go-backwards`: an earlier read had seen a newer value, whose write had not finished.
 * - `lost-write`: the answer holds effects of later writes, but not that of a write that was acknowledged before
 *   they began. It was right at no time at all, which tells it from a stale read.
 * - `duplicated-write`: the answer shows an append more often than it was called: a retry was applied again.
 * - `took-effect-twice`: the same of an operation whose outcome the client never learned.
 * - `order-disagreement`: two answers, or an answer and the clock, contradict each other about the order of writes.
 * - `cas-wrongly-succeeded`, `cas-wrongly-refused`: with the other answer the core would be possible.
 * - `impossible-first-operation`: a single operation whose answer is impossible in the initial state.
 * - `no-order`: none of these; all that is known is that no order explains the core.
 */
export type ViolationClass =
  | "phantom-value"
  | "read-before-write"
  | "stale-read"
  | "reads-go-backwards"
  | "lost-write"
  | "duplicated-write"
  | "took-effect-twice"
  | "order-disagreement"
  | "cas-wrongly-succeeded"
  | "cas-wrongly-refused"
  | "impossible-first-operation"
  | "no-order";

/**
 * The first reply that no order explains: up to any reply before it, some order does. Nearly always it is in the
 * core. The exception is a refused cas which, had it swapped, would have made the others possible: then the core
 * does without.
 */
export interface ImpossibleReply {
  readonly operation: number;
  /** False if the budget ended first: then the first impossible reply is this one or an earlier one. */
  readonly isFirst: boolean;
}

export interface CoreOperation {
  readonly operation: number;
  readonly client: string;
  /** The whole operation, such as `get x -> "1"`. */
  readonly words: string;
  /** What of it takes part in the contradiction, if that is less than all, such as `get x -> absent`. */
  readonly needed: string | null;
  readonly call: number;
  /** Null if nobody learned its outcome. */
  readonly return: number | null;
  /**
   * Where its call and its return stand among all calls and returns of the core, from 0. These decide what came
   * before what; times may be equal. A return that never came has none.
   */
  readonly callRank: number;
  readonly returnRank: number | null;
  /** The core is about this one's answer. */
  readonly isImpossible: boolean;
}

/** `from` had returned before `to` was called; or the answer of `from` shows the effect of `to`. */
export interface Relation {
  readonly kind: "finished-before" | "saw";
  readonly from: number;
  readonly to: number;
}

/** One answer that the impossible reply could or could not have been. */
export interface Alternative {
  /** The answer alone, such as `"2"` or `refused`. */
  readonly answer: string;
  /** It is the answer that was given. */
  readonly isGiven: boolean;
  /** Undecided if the budget ended first. */
  readonly verdict: "possible" | "impossible" | "undecided";
  /** Why, in words that go on from the answer: "overwritten by c1's put x "2", which ..." */
  readonly reason: string;
  /** If possible: operation ids of the neighbourhood in an order that gives this answer. Else null. */
  readonly order: readonly number[] | null;
}

/** One order of the core's operations, as far as it goes. */
export interface OrderAttempt {
  readonly steps: readonly OrderStep[];
  /** The operation that comes next, and cannot. */
  readonly blocked: number;
  /** What that one finds, such as `"2"` or `absent`. */
  readonly state: string;
}

export interface OrderStep {
  readonly operation: number;
  /** After it. */
  readonly state: string;
}

/** How old the answer was. */
export interface Staleness {
  /** How many writes had certainly replaced or extended it when the operation began; at least one. */
  readonly versions: number;
  /** From the end of the first of these writes to the beginning of the operation. */
  readonly microseconds: number;
  /** That first write. */
  readonly since: number;
}

/** Why nothing could be decided: the budget ended. Nothing here says that anything is wrong. */
export interface Undecided {
  readonly kind: "undecided";
  readonly object: string;
  readonly operations: number;
  readonly sentence: string;
  /** Configurations explored for this object, and the budget that all objects shared. */
  readonly steps: number;
  readonly budget: number;
  /** How many operations the longest order held that was found. */
  readonly longest: number;
  /** The first reply that this order does not hold; null if it holds all. */
  readonly stuckAt: number | null;
}
