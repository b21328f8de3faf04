/**
 * How Jepsen's tests spell a model's calls: `:f` and `:value` of an invocation, and what a completion says, in both
 * directions. Where Jepsen has no custom (versioned puts, stacks) the spelling is the nearest.
 */
import type { ModelName } from "../../models/index.ts";
import type { Value } from "../../models/value.ts";
import type { Data } from "../edn.ts";

/** An invocation's content, or a completion's. */
export interface Spoken {
  readonly f: string;
  readonly value: Data;
  /** Of a call to one of several objects. */
  readonly key?: Data | undefined;
  readonly error?: Data | undefined;
}

export interface Hearing {
  /**
   * A read answered by nil saw nothing: so Knossos has it, and any state allows it. Where nil is the value of what is
   * absent, as in the logs of Jepsen's etcd test, it is an observation.
   */
  readonly nilReads: "unseen" | "absent";
}

/** What it hears is not checked: the model's `misfit` does that. */
export interface Dialect<Input, Output> {
  readonly model: ModelName;
  /** Its names of calls. */
  readonly calls: readonly string[];
  hear(call: Spoken): unknown;
  /** What `:ok` says; null if nobody saw the answer. */
  answer(call: Spoken, completion: Spoken, hearing: Hearing): unknown;
  /** What `:fail` says beside that nothing happened; null if nothing. */
  refusal(call: Spoken, completion: Spoken): unknown;
  say(input: Input): Spoken;
  reply(input: Input, output: Output): Reply;
}

/** A completion's content. With an error it is a `:fail`, unless it says that it is none. */
interface Reply {
  readonly value: Data;
  readonly error?: string;
  readonly type?: "ok";
}

/** A value as the models take it: what is neither text nor number becomes its JSON. */
export function plainValue(data: Data): Value {
  return typeof data === "string" || typeof data === "number" || data === null ? data : JSON.stringify(data);
}

export function plainValues(data: Data): Data {
  return Array.isArray(data) ? data.map(plainValue) : data;
}

/** A text as the models take it. */
export function plainText(data: Data): string | null {
  return data === null || typeof data === "string" ? data : JSON.stringify(data);
}

/** The parts of a value that is a list; undefined where there are none. */
export function partsOf(data: Data): readonly (Data | undefined)[] {
  return Array.isArray(data) ? data : [];
}

/** A failed call says why in `:error`, or in place of its value. */
export function reasonOf(call: Spoken, { value, error }: Spoken): string | null {
  if (error !== undefined && error !== null) return JSON.stringify(error);
  return value === null || JSON.stringify(value) === JSON.stringify(call.value)
    ? null
    : JSON.stringify(value);
}

export function saysAbsent(reason: string | null): boolean {
  return reason !== null && /not[- ]?found|no[- ]such|no[- ]?key|absent|missing/i.test(reason);
}

/** A cas that failed without a word, or for its condition, was refused by the state: an observation. */
export function saysRefused(reason: string | null): boolean {
  if (reason === null || saysAbsent(reason)) return true;
  return /condition|\bcas\b|compare|mismatch|equal|did-not-succeed/i.test(reason);
}
