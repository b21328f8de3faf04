/** A lock without owners: it is free or held, and whoever releases a held one frees it. */
import { ILLEGAL, type Model } from "../model/model.ts";
import { misfit, type Shape } from "../model/shape.ts";
import { type Keyed, keyOf, objectOr } from "./keyed.ts";

export type MutexInput = Keyed & ({ readonly kind: "acquire" } | { readonly kind: "release" });

/** `acquired` false: it was held. `released` false: it was free. Neither changed anything then. */
export type MutexOutput =
  | { readonly kind: "acquired"; readonly acquired: boolean }
  | { readonly kind: "released"; readonly released: boolean };

const SHAPE: Shape = {
  acquire: { input: { key: "text or absent" }, answers: { acquired: { acquired: "true or false" } } },
  release: { input: { key: "text or absent" }, answers: { released: { released: "true or false" } } },
};

/** The state is whether the lock is held. */
export const mutex: Model<boolean, MutexInput, MutexOutput> = {
  name: "mutex",
  initial: false,
  misfit: (input, output) => misfit(SHAPE, input, output),
  step(held, input, output) {
    const acquires = input.kind === "acquire";
    if (output !== null && succeeded(output) !== (held !== acquires)) return ILLEGAL;
    return acquires;
  },
  stateKey: (held) => (held ? "held" : "free"),
  objectOf: objectOr("mutex"),
  describe(input, output) {
    const end = output === null ? " -> ?" : succeeded(output) ? "" : " -> refused";
    return `${keyOf(input)}${input.kind}${end}`;
  },
  traits: {
    effect(_input, output) {
      // With the answer unseen an acquire leaves the lock held whatever it was, as a write would.
      if (output === null) return "overwrites";
      return succeeded(output) ? "depends" : "reads";
    },
    sees: () => true,
    revives: () => true,
  },
};

function succeeded(output: MutexOutput): boolean {
  return output.kind === "acquired" ? output.acquired : output.released;
}
