/** Maelstrom's messages, as far as everybody needs them: a line of JSON with an envelope and a body. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

export type Body = { readonly [name: string]: Json };

export interface Envelope {
  readonly src: string;
  readonly dest: string;
  readonly body: Body & { readonly type: string };
}

/** Those of Maelstrom's error codes that this node gives. All but the first and 13 promise that nothing happened. */
export const ERROR = {
  timeout: 0,
  notSupported: 10,
  temporarilyUnavailable: 11,
  malformedRequest: 12,
  crash: 13,
  keyDoesNotExist: 20,
  preconditionFailed: 22,
} as const;

export type ErrorCode = (typeof ERROR)[keyof typeof ERROR];

/** What a client hears instead of an answer. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** A line that is no message for this node: there is nobody to answer. */
export class BadLine extends Error {
  override readonly name = "BadLine";
}

export function errorBody(code: ErrorCode, text: string): Body {
  return { type: "error", code, text };
}

/** Throws BadLine: what a line has to be, and what was found. */
export function readEnvelope(line: string): Envelope {
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch (error) {
    throw new BadLine(`expected a line of JSON, found ${excerpt(line)}: ${(error as Error).message}`);
  }
  if (!isObject(message)) throw new BadLine(`expected a JSON object, found ${excerpt(line)}`);
  const { src, dest, body } = message;
  if (typeof src !== "string" || typeof dest !== "string" || !isObject(body)) {
    throw new BadLine(`expected "src" and "dest" as strings and "body" as an object: ${excerpt(line)}`);
  }
  if (typeof body.type !== "string") throw new BadLine(`expected a "type" in the body: ${excerpt(line)}`);
  return { src, dest, body: body as Envelope["body"] };
}

/** One text for equal values, however the fields of objects are ordered: the store compares texts. */
export function textOf(value: Json): string {
  if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new RequestError(ERROR.malformedRequest, `${value} is past 2^53: it would not come back as it was`);
  }
  if (Array.isArray(value)) return `[${value.map(textOf).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${textOf(value[name]!)}`).join(",")}}`;
}

function isObject(value: unknown): value is Body {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function excerpt(line: string): string {
  return line.length <= 80 ? JSON.stringify(line) : `${JSON.stringify(line.slice(0, 80))}...`;
}
