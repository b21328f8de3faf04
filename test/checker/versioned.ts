/**
 * A key whose puts name the version that they replace, as in the Go labs since 2025: the smallest model that promises
 * `versions`, and random histories of it.
 */
import { ILLEGAL, type Model, type VersionAccess } from "porcupine-ts";
import type { Draw, Subject } from "./random.ts";

export type VersionedInput =
  | { readonly kind: "get" }
  | { readonly kind: "put"; readonly value: string; readonly version: number };

export type VersionedOutput =
  | { readonly kind: "value"; readonly value: string; readonly version: number }
  | { readonly kind: "no key" }
  | { readonly kind: "done" }
  | { readonly kind: "wrong version" }
  | { readonly kind: "maybe" };

export type VersionedState = { readonly value: string; readonly version: number } | null;

export const versioned: Model<VersionedState, VersionedInput, VersionedOutput> = {
  name: "versioned",
  initial: null,
  step(state, input, output) {
    const version = state?.version ?? 0;
    if (input.kind === "get") {
      if (output === null) return state;
      if (state === null) return output.kind === "no key" ? state : ILLEGAL;
      const isRight = output.kind === "value" && output.value === state.value && output.version === version;
      return isRight ? state : ILLEGAL;
    }
    const right = version === input.version ? "done" : state === null ? "no key" : "wrong version";
    if (output !== null && output.kind !== "maybe" && output.kind !== right) return ILLEGAL;
    return right === "done" ? { value: input.value, version: version + 1 } : state;
  },
  stateKey: (state) => (state === null ? "-" : `${state.version}:${state.value}`),
  objectOf: () => "key",
  describe: (input, output) => JSON.stringify({ input, output }),
  traits: {
    effect(input, output) {
      if (input.kind === "get" || output?.kind === "no key") return "reads";
      return output?.kind === "wrong version" ? "refuses" : "depends";
    },
    sees: () => true,
    revives: () => true,
    versions,
  },
};

function versions(input: VersionedInput, output: VersionedOutput | null): VersionAccess {
  if (input.kind === "get") {
    if (output === null) return { kind: "nothing" };
    if (output.kind === "no key") return { kind: "reads", version: 0, value: undefined };
    if (output.kind !== "value") return { kind: "never" };
    // Version 0 is an absent key, which has no value.
    return output.version === 0
      ? { kind: "never" }
      : { kind: "reads", version: output.version, value: output.value };
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
    default:
      return { kind: "never" };
  }
}

/** Clients mostly put what follows the last version, with the values that there are. */
export function versionedSubject(values: number): Subject<VersionedState, VersionedInput, VersionedOutput> {
  const text = (draw: Draw): string => String(draw(values));
  return {
    model: versioned,
    input: (draw) => (draw(3) === 0 ? { kind: "get" } : { kind: "put", value: text(draw), version: draw(4) }),
    answers(state, input, draw) {
      if (input.kind === "put") {
        const kinds = ["done", "no key", "wrong version"] as const;
        const known = kinds.map((kind) => ({ kind }));
        return draw(4) === 0 ? [{ kind: "maybe" }, ...known] : known;
      }
      const version = draw(4);
      return [
        state === null ? { kind: "no key" } : { kind: "value", ...state },
        { kind: "no key" },
        { kind: "value", value: text(draw), version },
        { kind: "value", value: state?.value ?? "0", version },
      ];
    },
  };
}
