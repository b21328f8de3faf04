/** Whether a key that clients have appended to holds every append once, each client's in the order of its calls. */

/** What the Go labs append: no token is a part of another, or of two together. */
export function token(client: number, number: number): string {
  return `x ${client} ${number} y`;
}

/** Why this value is not made of the writers' tokens, each writer's in order; null if it is. */
export function appendProblem(
  key: string,
  value: string | null,
  ...writers: readonly (readonly string[])[]
): string | null {
  const found = value ?? "";
  if (found === writers[0]?.join("") && writers.length === 1) return null;
  for (const tokens of writers) {
    let before = -1;
    for (const token of tokens) {
      const at = found.indexOf(token);
      if (at < 0) return `key ${key} lost ${JSON.stringify(token)}`;
      if (found.indexOf(token, at + 1) >= 0) return `key ${key} has ${JSON.stringify(token)} twice`;
      if (at < before) return `key ${key} has ${JSON.stringify(token)} before an earlier append`;
      before = at;
    }
  }
  const length = writers.flat().reduce((sum, token) => sum + token.length, 0);
  if (found.length > length) return `key ${key} holds more than was appended: ${JSON.stringify(found)}`;
  return null;
}
