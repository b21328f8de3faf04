/**
 * Several registers that are read and written together: the smallest model that cannot be split by object and says
 * what its operations touch. And random histories of it.
 */
import { ILLEGAL, type Model } from "porcupine-ts";
import type { Draw, Subject } from "./random.ts";

/** Reads the registers in `names`, or writes the value to all of them. Null touches all that there are. */
export type RegistersInput =
  | { readonly kind: "read"; readonly names: readonly string[] | null }
  | { readonly kind: "write"; readonly names: readonly string[] | null; readonly value: number };

/** What was read, register by register; empty after a write. */
export type RegistersOutput = readonly number[];

export type RegistersState = Readonly<Record<string, number>>;

const ALL = ["a", "b", "c", "d"];

const registers: Model<RegistersState, RegistersInput, RegistersOutput> = {
  name: "registers",
  initial: { a: 0, b: 0, c: 0, d: 0 },
  step(state, input, output) {
    const names = input.names ?? ALL;
    if (input.kind === "read") {
      return output === null || names.every((name, i) => state[name] === output[i]) ? state : ILLEGAL;
    }
    return { ...state, ...Object.fromEntries(names.map((name) => [name, input.value])) };
  },
  stateKey: (state) => ALL.map((name) => state[name]).join(" "),
  objectOf: () => "registers",
  describe: (input, output) => JSON.stringify({ input, output }),
  traits: {
    effect: (input) => (input.kind === "read" ? "reads" : "depends"),
    sees: () => true,
    revives: () => true,
    footprint: (input) => input.names,
  },
};

export function registersSubject(
  values: number,
  together: number,
): Subject<RegistersState, RegistersInput, RegistersOutput> {
  const some = (draw: Draw): string[] => {
    const first = draw(4);
    return draw(together) === 0 ? [ALL[first]!, ALL[(first + 1 + draw(3)) % 4]!] : [ALL[first]!];
  };
  return {
    model: registers,
    input(draw) {
      const names = draw(20) === 0 ? null : some(draw);
      return draw(2) === 0 ? { kind: "read", names } : { kind: "write", names, value: draw(values) };
    },
    answers(state, input, draw) {
      if (input.kind === "write") return [[]];
      const names = input.names ?? ALL;
      return [names.map((name) => state[name]!), names.map(() => draw(values))];
    },
  };
}
