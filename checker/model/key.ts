/** The keys by which states are told apart. */

/**
 * Equal if and only if the states are: a text, or the texts of a state's parts. Parts are compared one by one, which
 * saves writing a long state down anew where a step changes little of it.
 */
export type StateKey = string | readonly string[];

/** The key as one text. */
export function keyText<State>(model: { stateKey(state: State): StateKey }, state: State): string {
  const key = model.stateKey(state);
  return typeof key === "string" ? key : JSON.stringify(key);
}
