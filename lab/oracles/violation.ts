/** What an oracle has to say: a broken invariant or a missed liveness bound. */

export interface Violation {
  readonly kind: "invariant" | "liveness";
  /** Such as "election safety". */
  readonly name: string;
  readonly message: string;
  readonly at: number;
  readonly nodes: readonly string[];
}
