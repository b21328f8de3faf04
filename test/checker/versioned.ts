/** Random histories of a key whose puts name the version that they replace, as in the Go labs since 2025. */
import {
  type VersionedKvInput,
  type VersionedKvOutput,
  type VersionedKvState,
  versionedKv,
} from "porcupine-ts";
import type { Draw, Subject } from "./random.ts";

/** Clients mostly put what follows the last version, with the values that there are. */
export function versionedSubject(
  values: number,
): Subject<VersionedKvState, VersionedKvInput, VersionedKvOutput> {
  const text = (draw: Draw): string => String(draw(values));
  return {
    model: versionedKv,
    input: (draw) =>
      draw(3) === 0
        ? { kind: "get", key: "k" }
        : { kind: "put", key: "k", value: text(draw), version: draw(4) },
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
