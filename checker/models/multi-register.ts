/**
 * Several registers, read and written by transactions that take effect at once. A transaction may touch any of them,
 * so they are one object, and only those that no transaction joins are apart (strict serializability is linearizability of the whole).
 */
import { ILLEGAL, type Model } from "../model/model.ts";
import { fits, misfit, type Shape, shown } from "../model/shape.ts";
import { shownValue, type Value, valueKey } from "./value.ts";

export type RegisterStep =
  | { readonly kind: "read"; readonly register: string }
  | { readonly kind: "write"; readonly register: string; readonly value: Value };

/** The steps of one transaction, in their order: a read sees the writes before it. */
export interface MultiRegisterInput {
  readonly kind: "txn";
  readonly steps: readonly RegisterStep[];
}

export interface MultiRegisterOutput {
  readonly kind: "reads";
  /** One for each read of the transaction, in order; null where nobody saw what was read. */
  readonly reads: readonly ({ readonly value: Value } | null)[];
}

/** By register; one that is not here holds null. */
export type MultiRegisterState = Readonly<Record<string, Value>>;

const SHAPE: Shape = { txn: { input: {}, answers: { reads: {} } } };

export const multiRegister: Model<MultiRegisterState, MultiRegisterInput, MultiRegisterOutput> = {
  name: "multi-register",
  initial: {},
  misfit: (input, output) => misfit(SHAPE, input, output) ?? partMisfit(input, output),
  step(state, input, output) {
    const values = new Map(Object.entries(state));
    let reads = 0;
    for (const step of input.steps) {
      if (step.kind === "write") values.set(step.register, step.value);
      else {
        const seen = output?.reads[reads++] ?? null;
        if (seen !== null && seen.value !== (values.get(step.register) ?? null)) return ILLEGAL;
      }
    }
    return isReadOnly(input) ? state : Object.fromEntries(values);
  },
  stateKey(state) {
    const parts = Object.entries(state).filter(([, value]) => value !== null);
    parts.sort(([a], [b]) => (a < b ? -1 : 1));
    return parts.flatMap(([name, value]) => [name, valueKey(value)]);
  },
  objectOf: () => "registers",
  describe(input, output) {
    let reads = 0;
    const steps = input.steps.map((step) => {
      if (step.kind === "write") return `${step.register} := ${shownValue(step.value)}`;
      const seen = output?.reads[reads++] ?? null;
      return `${step.register} -> ${seen === null ? "?" : shownValue(seen.value)}`;
    });
    const isBlind = input.steps.every((step) => step.kind === "write");
    return `txn ${steps.join(", ")}${output === null && isBlind ? " -> ?" : ""}`;
  },
  traits: {
    effect: (input) => (isReadOnly(input) ? "reads" : "depends"),
    sees: () => true,
    revives: () => true,
    footprint: ({ steps }) => [...new Set(steps.map(({ register }) => register))],
  },
};

function isReadOnly(input: MultiRegisterInput): boolean {
  return input.steps.every((step) => step.kind === "read");
}

const STEPS: Shape = {
  read: { input: { register: "text" }, answers: {} },
  write: { input: { register: "text", value: "text, number or null" }, answers: {} },
};

/** What lies deeper than a shape of fields can say. */
function partMisfit(input: unknown, output: unknown): string | null {
  const { steps } = input as { steps: unknown };
  if (!Array.isArray(steps)) return `txn with "steps": a list of reads and writes, not ${shown(input)}`;
  for (const step of steps) {
    const wrong = misfit(STEPS, step, null);
    if (wrong !== null) return `txn with steps as ${wrong}`;
  }
  if (output === null) return null;
  const { reads } = output as { reads: unknown };
  const count = steps.filter(({ kind }) => kind === "read").length;
  const good = Array.isArray(reads) && reads.length === count && reads.every(isObservation);
  return good ? null : `reads with "reads": ${count} times {"value": ...} or null, not ${shown(output)}`;
}

function isObservation(read: unknown): boolean {
  if (read === null) return true;
  return typeof read === "object" && "value" in read && fits("text, number or null", read.value);
}
