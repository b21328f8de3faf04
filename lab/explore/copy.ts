/**
 * A deep copy of an actor, whatever its class: a mutant's own fields come along without its saying so. What is frozen
 * (messages, entries, snapshots, options) never changes and is shared, and so are functions and bytes.
 */
export function copyOf<T>(original: T): T {
  return copied(original) as T;
}

function copied(original: unknown): unknown {
  if (typeof original !== "object" || original === null) return original;
  if (Array.isArray(original)) return original.map(copied);
  if (original instanceof Map) {
    const copy = new Map();
    for (const [key, value] of original) copy.set(key, copied(value));
    return copy;
  }
  if (original instanceof Set) {
    const copy = new Set();
    for (const value of original) copy.add(copied(value));
    return copy;
  }
  if (Object.isFrozen(original) || original instanceof Uint8Array) return original;
  const copy = Object.create(Object.getPrototypeOf(original));
  for (const key of Object.keys(original)) copy[key] = copied((original as Record<string, unknown>)[key]);
  return copy;
}
