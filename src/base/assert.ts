/** The programmer's errors: always on, in production too. A lost message or an illegal history is a value, not this. */

export class AssertionError extends Error {
  override readonly name = "AssertionError";
}

/**
 * `what` says what should hold, with both numbers: `assert(a <= b, () => `a ${a} is past b ${b}`)`. As a function where
 * it is made of values: assertions stand in the hottest code, and sentences that nobody read were a quarter of a run.
 */
export function assert(condition: boolean, what: string | (() => string)): asserts condition {
  if (!condition) throw new AssertionError(typeof what === "string" ? what : what());
}

/** For the default branch of a switch on a union: the compiler proves that it is never reached. */
export function unreachable(value: never): never {
  throw new AssertionError(`no case for ${JSON.stringify(value)}`);
}
