/**
 * When two operations are the same call with the same answer. They are then interchangeable for the search, so
 * equal identities must mean equal data; unequal ones for equal data only cost time.
 */

/** Deeper data than this has no identity, and neither has data that contains itself. */
const DEEPEST = 8;

/**
 * A key for plain data (null, booleans, numbers, strings, arrays, plain objects), or null for anything else:
 * a class instance may hide what it is.
 */
export function identityOf(value: unknown): string | null {
  return write(value, DEEPEST);
}

/** Lengths stand before contents, so no value can imitate the end of another. */
function write(value: unknown, depth: number): string | null {
  switch (typeof value) {
    case "string":
      return `"${value.length}:${value}`;
    case "number":
      // Zero and minus zero print alike.
      return Object.is(value, -0) ? "#-0;" : `#${value};`;
    case "boolean":
      return value ? "t" : "f";
    case "undefined":
      return "u";
    case "object":
      return value === null ? "n" : compound(value, depth);
    default:
      return null;
  }
}

function compound(value: object, depth: number): string | null {
  if (depth === 0) return null;
  if (Array.isArray(value)) {
    let text = `[${value.length};`;
    for (const item of value) {
      const part = write(item, depth - 1);
      if (part === null) return null;
      text += part;
    }
    return text;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return null;
  let text = "{";
  for (const name in value) {
    const part = write((value as Record<string, unknown>)[name], depth - 1);
    if (part === null) return null;
    text += `${name.length}:${name}${part}`;
  }
  return `${text}}`;
}
