/** Jepsen's spelling of locks, counters, sets, queues, stacks and logs: one call, one value. */
import type { CounterInput, CounterOutput } from "../../models/counter.ts";
import type { LogInput, LogOutput } from "../../models/log.ts";
import type { MutexInput, MutexOutput } from "../../models/mutex.ts";
import type { QueueInput, QueueOutput } from "../../models/queue.ts";
import type { SetInput, SetOutput } from "../../models/set.ts";
import type { StackInput, StackOutput } from "../../models/stack.ts";
import type { Data } from "../edn.ts";
import { type Dialect, type Hearing, plainValue, plainValues } from "./dialect.ts";

/** `acquire`, `release`; an `:ok` with the value false was refused by the lock. A `:fail` may be a client's own. */
export const mutexDialect: Dialect<MutexInput, MutexOutput> = {
  model: "mutex",
  calls: ["acquire", "release"],
  hear: ({ f }) => ({ kind: f }),
  answer: ({ f }, { value }) =>
    f === "acquire"
      ? { kind: "acquired", acquired: value !== false }
      : { kind: "released", released: value !== false },
  refusal: () => null,
  say: ({ kind }) => ({ f: kind, value: null }),
  reply: (_input, output) => ({ value: output.kind === "acquired" ? output.acquired : output.released }),
};

/** `add n`, `read`; an add may be answered by the sum, as `[n sum]`. */
export const counterDialect: Dialect<CounterInput, CounterOutput> = {
  model: "counter",
  calls: ["add", "read"],
  hear: ({ f, value }) => (f === "read" ? { kind: "read" } : { kind: "add", amount: value }),
  answer({ f }, { value }) {
    if (f === "read") return { kind: "value", value };
    return Array.isArray(value) ? { kind: "value", value: value[1] } : { kind: "done" };
  },
  refusal: () => null,
  say: (input) => ({ f: input.kind, value: input.kind === "add" ? input.amount : null }),
  reply(input, output) {
    if (input.kind === "read") return { value: output.kind === "value" ? output.value : null };
    return { value: output.kind === "value" ? [input.amount, output.value] : input.amount };
  },
};

/** `add v`, `remove v`, `contains v`, `read`; the answers true and false say whether it was so, or changed. */
export const setDialect: Dialect<SetInput, SetOutput> = {
  model: "set",
  calls: ["add", "remove", "contains", "read"],
  hear: ({ f, value }) => (f === "read" ? { kind: "read" } : { kind: f, value: plainValue(value) }),
  answer({ f }, { value }, { nilReads }) {
    if (f === "read") return valuesSeen(value, nilReads);
    if (f === "contains") return { kind: "contained", contained: value };
    return typeof value === "boolean" ? { kind: "changed", changed: value } : { kind: "done" };
  },
  refusal: () => null,
  say: (input) => ({ f: input.kind, value: input.kind === "read" ? null : input.value }),
  reply(input, output) {
    switch (output.kind) {
      case "done":
        return { value: this.say(input).value };
      case "changed":
        return { value: output.changed };
      case "contained":
        return { value: output.contained };
      case "values":
        return { value: output.values };
    }
  },
};

/** `enqueue v`, `dequeue`; nil: there was nothing. */
export const queueDialect: Dialect<QueueInput, QueueOutput> = {
  model: "queue",
  calls: ["enqueue", "dequeue"],
  hear: ({ f, value }) => (f === "enqueue" ? { kind: f, value: plainValue(value) } : { kind: f }),
  answer({ f }, { value }) {
    if (f === "enqueue") return { kind: "done" };
    return value === null ? { kind: "empty" } : { kind: "value", value: plainValue(value) };
  },
  refusal: () => null,
  say: (input) => ({ f: input.kind, value: input.kind === "enqueue" ? input.value : null }),
  reply(input, output) {
    if (output.kind === "done") return { value: this.say(input).value };
    return { value: output.kind === "value" ? output.value : null };
  },
};

/** `push v`, `pop`; nil: there was nothing. */
export const stackDialect: Dialect<StackInput, StackOutput> = {
  model: "stack",
  calls: ["push", "pop"],
  hear: ({ f, value }) => (f === "push" ? { kind: f, value: plainValue(value) } : { kind: f }),
  answer({ f }, { value }) {
    if (f === "push") return { kind: "done" };
    return value === null ? { kind: "empty" } : { kind: "value", value: plainValue(value) };
  },
  refusal: () => null,
  say: (input) => ({ f: input.kind, value: input.kind === "push" ? input.value : null }),
  reply(input, output) {
    if (output.kind === "done") return { value: this.say(input).value };
    return { value: output.kind === "value" ? output.value : null };
  },
};

/** `append v`, `read`; an append may be answered by its position, as `[v position]`. */
export const logDialect: Dialect<LogInput, LogOutput> = {
  model: "log",
  calls: ["append", "read"],
  hear: ({ f, value }) => (f === "append" ? { kind: f, value: plainValue(value) } : { kind: f }),
  answer(call, { value }, { nilReads }) {
    if (call.f === "read") return valuesSeen(value, nilReads);
    if (!Array.isArray(value) || Array.isArray(call.value)) return { kind: "done" };
    return { kind: "position", position: value[1] };
  },
  refusal: () => null,
  say: (input) => ({ f: input.kind, value: input.kind === "append" ? input.value : null }),
  reply(input, output) {
    if (output.kind === "values") return { value: output.values };
    const { value } = this.say(input);
    return { value: output.kind === "position" ? [value, output.position] : value };
  },
};

function valuesSeen(value: Data, nilReads: Hearing["nilReads"]): unknown {
  if (value === null && nilReads === "unseen") return null;
  return { kind: "values", values: value === null ? [] : plainValues(value) };
}
