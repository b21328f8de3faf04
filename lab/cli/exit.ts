/** Exit codes, the same for every command. */

export const EXIT = {
  ok: 0,
  violation: 1,
  input: 2,
  undecided: 3,
} as const;

/** Where several things are wrong: the first of 2, 1, 3. */
export function worstExit(codes: readonly number[]): number {
  for (const code of [EXIT.input, EXIT.violation, EXIT.undecided]) if (codes.includes(code)) return code;
  return EXIT.ok;
}
