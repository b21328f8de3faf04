/** Time is an integer number of microseconds, so that sums are exact and equal on every engine. */

/** A point on some node's clock, or on the world's. */
export type Instant = number;

/** A length of time. */
export type Duration = number;

export const MILLISECOND: Duration = 1_000;
export const SECOND: Duration = 1_000_000;
