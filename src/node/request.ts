/**
 * What Maelstrom's clients may ask (its workload "lin-kv"), in terms of the store: which operations a request takes, and
 * what their results mean to whoever asked. Keys and values are any JSON; the store holds their texts.
 */

import { unreachable } from "../base/index.ts";
import type { Operation, Result } from "../kv/index.ts";
import { type Body, ERROR, errorBody, type Json, RequestError, textOf } from "./body.ts";

/** Keys and values as texts. */
export type Request =
  | { readonly kind: "read"; readonly key: string }
  | { readonly kind: "write"; readonly key: string; readonly value: string }
  | { readonly kind: "cas"; readonly key: string; readonly from: string; readonly to: string };

export type Step =
  | { readonly kind: "operation"; readonly operation: Operation }
  | { readonly kind: "answer"; readonly body: Body };

/** Throws RequestError. */
export function readRequest(body: Body): Request {
  switch (body.type) {
    case "read":
      return { kind: "read", key: field(body, "key") };
    case "write":
      return { kind: "write", key: field(body, "key"), value: field(body, "value") };
    case "cas":
      return { kind: "cas", key: field(body, "key"), from: field(body, "from"), to: field(body, "to") };
    default:
      throw new RequestError(ERROR.notSupported, `expected read, write or cas, found ${body.type}`);
  }
}

/** What comes after these results of earlier operations. */
export function nextStep(request: Request, results: readonly Result[]): Step {
  const { key } = request;
  const [first, second] = results;
  switch (request.kind) {
    case "read":
      if (first === undefined) return operation({ kind: "get", key });
      if (held(first) === null) return absent(key);
      return answer({ type: "read_ok", value: JSON.parse(held(first)!) as Json });
    case "write":
      if (first === undefined) return operation({ kind: "put", key, value: request.value });
      return answer({ type: "write_ok" });
    case "cas":
      // The store's cas does not say why it refuses. So first: is there a key? It stays, for no request deletes one.
      if (first === undefined) return operation({ kind: "get", key });
      if (held(first) === null) return absent(key);
      if (second === undefined)
        return operation({ kind: "cas", key, expected: request.from, value: request.to });
      if (second.kind === "swapped" && second.swapped) return answer({ type: "cas_ok" });
      return answer(errorBody(ERROR.preconditionFailed, `key ${key} does not hold ${request.from}`));
    default:
      return unreachable(request);
  }
}

function field(body: Body, name: string): string {
  const value = Object.hasOwn(body, name) ? body[name] : undefined;
  if (value !== undefined) return textOf(value);
  throw new RequestError(ERROR.malformedRequest, `a ${body.type} needs "${name}"`);
}

/** The text under a key; null if there is no such key. A JSON null is a text like others. */
function held(result: Result): string | null {
  return result.kind === "value" ? result.value : null;
}

function operation(operation: Operation): Step {
  return { kind: "operation", operation };
}

function answer(body: Body): Step {
  return { kind: "answer", body };
}

function absent(key: string): Step {
  return answer(errorBody(ERROR.keyDoesNotExist, `there is no key ${key}`));
}
