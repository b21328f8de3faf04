/** Jepsen's spelling of registers: `read`, `write`, `cas [from to]`, and `txn [[:read :x nil] [:write :y 2]]`. */
import type { CasRegisterInput, CasRegisterOutput } from "../../models/cas-register.ts";
import type { MultiRegisterInput, MultiRegisterOutput } from "../../models/multi-register.ts";
import type { RegisterInput, RegisterOutput } from "../../models/register.ts";
import { type Data, nameOf } from "../edn.ts";
import { type Dialect, partsOf, plainValue, reasonOf, saysAbsent, saysRefused } from "./dialect.ts";

export const casRegisterDialect: Dialect<CasRegisterInput, CasRegisterOutput> = {
  model: "cas-register",
  calls: ["read", "write", "cas"],
  hear({ f, value }) {
    if (f === "read") return { kind: "read" };
    if (f === "write") return { kind: "write", value: plainValue(value) };
    const [from, to] = partsOf(value);
    return {
      kind: "cas",
      ...(from === undefined || to === undefined ? {} : { from: plainValue(from), to: plainValue(to) }),
    };
  },
  answer({ f }, { value }, { nilReads }) {
    if (f === "write") return { kind: "done" };
    if (f === "cas") return { kind: "swapped", swapped: true };
    return value === null && nilReads === "unseen" ? null : { kind: "value", value: plainValue(value) };
  },
  refusal(call, completion) {
    const reason = reasonOf(call, completion);
    if (call.f === "cas" && saysRefused(reason)) return { kind: "swapped", swapped: false };
    return call.f === "read" && saysAbsent(reason) ? { kind: "value", value: null } : null;
  },
  say(input) {
    switch (input.kind) {
      case "read":
        return { f: "read", value: null };
      case "write":
        return { f: "write", value: input.value };
      case "cas":
        return { f: "cas", value: [input.from, input.to] };
    }
  },
  reply(input, output) {
    const { value } = this.say(input);
    if (output.kind === "value") return { value: output.value };
    return output.kind === "swapped" && !output.swapped ? { value, error: "precondition-failed" } : { value };
  },
};

export const registerDialect: Dialect<RegisterInput, RegisterOutput> = {
  ...casRegisterDialect,
  model: "register",
  calls: ["read", "write"],
};

export const multiRegisterDialect: Dialect<MultiRegisterInput, MultiRegisterOutput> = {
  model: "multi-register",
  calls: ["txn"],
  hear: ({ value }) => ({ kind: "txn", steps: Array.isArray(value) ? value.map(stepOf) : value }),
  answer(call, { value }, { nilReads }) {
    const reads = partsOf(value).flatMap((part) => {
      const [f, , seen = null] = partsOf(part!);
      if (!isRead(f)) return [];
      return [seen === null && nilReads === "unseen" ? null : { value: plainValue(seen) }];
    });
    // A completion without a value tells only that it happened.
    return value === null && call.value !== null ? null : { kind: "reads", reads };
  },
  refusal: () => null,
  say: ({ steps }) => ({
    f: "txn",
    value: steps.map((step) => [step.kind, step.register, step.kind === "write" ? step.value : null]),
  }),
  reply({ steps }, { reads }) {
    let read = 0;
    const value = steps.map((step): Data => {
      return [step.kind, step.register, step.kind === "write" ? step.value : (reads[read++]?.value ?? null)];
    });
    return { value };
  },
};

/** Elle's short names are understood too. */
function isRead(f: Data | undefined): boolean {
  return f === "read" || f === "r";
}

function stepOf(data: Data): unknown {
  const [f, register, value] = partsOf(data);
  if (f === undefined || register === undefined) return data;
  if (isRead(f)) return { kind: "read", register: nameOf(register) };
  const kind = f === "w" ? "write" : f;
  return { kind, register: nameOf(register), value: plainValue(value ?? null) };
}
