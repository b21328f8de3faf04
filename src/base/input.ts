/** The user's errors: a bad flag, file or name. Says what, where and what to do; the command line exits with 2. */
export class InputError extends Error {
  override readonly name = "InputError";
}
