/** Which seeds a randomised test runs, and what to type to run only the one that failed. */

/** LINLAB_SEED picks one; otherwise 1 ... count, where LINLAB_SEEDS replaces the count. */
export function seeds(count: number): readonly number[] {
  const { LINLAB_SEED: only, LINLAB_SEEDS: many = count } = process.env;
  return only === undefined ? Array.from({ length: Number(many) }, (_, i) => i + 1) : [Number(only)];
}

/** The last line of a failure. */
export function rerun(seed: number, testName: string): string {
  return `again: LINLAB_SEED=${seed} npm test -- -t ${JSON.stringify(testName)}`;
}
