/**
 * String keys whose puts name the version that they replace, as in the MIT 6.5840 labs since 2025. A put with version
 * 0 creates an absent key; every put that succeeds adds one to the version.
 */
import { ILLEGAL, type Model, type VersionAccess } from "../model/model.ts";
import { misfit, type Shape } from "../model/shape.ts";

export type VersionedKvInput =
  | { readonly kind: "get"; readonly key: string }
  | { readonly kind: "put"; readonly key: string; readonly value: string; readonly version: number };

export type VersionedKvOutput =
  /** Of a get. */
  | { readonly kind: "value"; readonly value: string; readonly version: number }
  /** Of a put: OK. */
  | { readonly kind: "done" }
  /** Of a get, and of a put with a version other than 0, to an absent key: ErrNoKey. */
  | { readonly kind: "no key" }
  /** Of a put: ErrVersion. */
  | { readonly kind: "wrong version" }
  /**
   * Of a put: ErrMaybe. A retry met another version, so either the first attempt was executed or none was. It is
   * over: at some instant of the call the put met the state and did what it does there.
   */
  | { readonly kind: "maybe" };

/** One key's value and version, from 1; null is an absent key. */
export type VersionedKvState = { readonly value: string; readonly version: number } | null;

const SHAPE: Shape = {
  get: {
    input: { key: "text" },
    answers: { value: { value: "text", version: "a whole number from 0" }, "no key": {} },
  },
  put: {
    input: { key: "text", value: "text", version: "a whole number from 0" },
    answers: { done: {}, "no key": {}, "wrong version": {}, maybe: {} },
  },
};

export const versionedKv: Model<VersionedKvState, VersionedKvInput, VersionedKvOutput> = {
  name: "versioned-kv",
  initial: null,
  misfit: (input, output) => misfit(SHAPE, input, output),
  step(state, input, output) {
    if (input.kind === "get") return isRead(state, output) ? state : ILLEGAL;
    const right = rightAnswer(state, input.version);
    if (output !== null && output.kind !== "maybe" && output.kind !== right) return ILLEGAL;
    return right === "done" ? { value: input.value, version: input.version + 1 } : state;
  },
  stateKey: (state) => (state === null ? "-" : `${state.version}:${state.value}`),
  objectOf: (input) => input.key,
  describe(input, output) {
    const call =
      input.kind === "get"
        ? `get ${input.key}`
        : `put ${input.key} ${JSON.stringify(input.value)} at version ${input.version}`;
    return `${call} -> ${output === null ? "?" : answer(output)}`;
  },
  traits: {
    effect(input, output) {
      if (input.kind === "get" || output?.kind === "no key") return "reads";
      return output?.kind === "wrong version" ? "refuses" : "depends";
    },
    /**
     * Versions only grow, so a version that is past, and an absent key that is there, never come back. A put that was
     * answered by "maybe" is possible in every state, so it cannot be said to be impossible where it is not seen.
     */
    sees(state, input, output) {
      if (output?.kind === "maybe") return true;
      if (output?.kind === "no key") return state === null;
      if (input.kind === "put") return versionOf(state) <= input.version;
      return output?.kind !== "value" || versionOf(state) <= output.version;
    },
    revives: () => false,
    versions,
  },
};

function versions(input: VersionedKvInput, output: VersionedKvOutput | null): VersionAccess {
  if (input.kind === "get") {
    if (output === null) return { kind: "nothing" };
    if (output.kind === "no key") return { kind: "reads", version: 0, value: undefined };
    // Version 0 is an absent key, which has no value.
    if (output.kind !== "value" || output.version === 0) return { kind: "never" };
    return { kind: "reads", version: output.version, value: output.value };
  }
  const { value, version } = input;
  switch (output?.kind) {
    case undefined:
    case "maybe":
      return { kind: "tries", version, value };
    case "done":
      return { kind: "replaces", version, value };
    case "no key":
      return version === 0 ? { kind: "never" } : { kind: "reads", version: 0, value: undefined };
    case "wrong version":
      return { kind: "differs", versions: [0, version] };
    case "value":
      return { kind: "never" };
  }
}

function isRead(state: VersionedKvState, output: VersionedKvOutput | null): boolean {
  if (output === null) return true;
  if (state === null) return output.kind === "no key";
  return output.kind === "value" && output.value === state.value && output.version === state.version;
}

function rightAnswer(state: VersionedKvState, version: number): "done" | "no key" | "wrong version" {
  if (versionOf(state) === version) return "done";
  return state === null ? "no key" : "wrong version";
}

/** An absent key is replaced by naming version 0. */
function versionOf(state: VersionedKvState): number {
  return state === null ? 0 : state.version;
}

function answer(output: VersionedKvOutput): string {
  return output.kind === "value"
    ? `${JSON.stringify(output.value)} at version ${output.version}`
    : output.kind;
}
