/** What a check comes to. */

/** Unknown means that the budget ended first, and nothing else. */
export type Verdict = "ok" | "illegal" | "unknown";
