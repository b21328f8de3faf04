/** Which seeds a randomised test runs, and what to type to run only the one that failed. */

/** LINLAB_SEED picks one; otherwise 1 ... count. */
export function seeds(count: number): readonly number[] {
  const only = process.env.LINLAB_SEED;
  return only === undefined ? Array.from({ length: count }, (_, i) => i + 1) : [Number(only)];
}

/** The last line of a failure. */
export function rerun(seed: number, testName: string): string {
  return `again: LINLAB_SEED=${seed} npm test -- -t ${JSON.stringify(testName)}`;
}
