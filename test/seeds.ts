/** Which seeds a randomised test runs. */

/** LINLAB_SEED picks one; otherwise 1 ... count, where LINLAB_SEEDS replaces the count. */
export function seeds(count: number): readonly number[] {
  const { LINLAB_SEED: only, LINLAB_SEEDS: many = count } = process.env;
  return only === undefined ? Array.from({ length: Number(many) }, (_, i) => i + 1) : [Number(only)];
}
