/**
 * Jepsen's spelling of keys and values, with `:key` beside `:value`: as Porcupine's kv files have it, and, for
 * versions, `put [value version]` and `get` answered by `[value version]`.
 */
import type { KvInput, KvOutput } from "../../models/kv.ts";
import type { VersionedKvInput, VersionedKvOutput } from "../../models/versioned-kv.ts";
import type { Data } from "../edn.ts";
import { type Dialect, partsOf, plainText, reasonOf, saysAbsent, saysRefused } from "./dialect.ts";

export const kvDialect: Dialect<KvInput, KvOutput> = {
  model: "kv",
  calls: ["get", "put", "append", "delete", "cas"],
  hear({ f, value }) {
    if (f === "get" || f === "delete") return { kind: f };
    if (f !== "cas") return { kind: f, value: plainText(value) };
    const [expected, next] = partsOf(value);
    if (expected === undefined || next === undefined) return { kind: "cas" };
    return { kind: "cas", expected: plainText(expected), value: plainText(next) };
  },
  answer({ f }, { value }) {
    if (f === "get") return { kind: "value", value: plainText(value) };
    return f === "cas" ? { kind: "swapped", swapped: true } : { kind: "done" };
  },
  refusal(call, completion) {
    const reason = reasonOf(call, completion);
    if (call.f === "cas" && saysRefused(reason)) return { kind: "swapped", swapped: false };
    return call.f === "get" && saysAbsent(reason) ? { kind: "value", value: null } : null;
  },
  say(input) {
    const { kind, key } = input;
    if (kind === "get" || kind === "delete") return { f: kind, key, value: null };
    return { f: kind, key, value: kind === "cas" ? [input.expected, input.value] : input.value };
  },
  reply(input, output) {
    const { value } = this.say(input);
    if (output.kind === "value") return { value: output.value };
    return output.kind === "swapped" && !output.swapped ? { value, error: "precondition-failed" } : { value };
  },
};

export const versionedKvDialect: Dialect<VersionedKvInput, VersionedKvOutput> = {
  model: "versioned-kv",
  calls: ["get", "put"],
  hear({ f, value }) {
    return f === "get" ? { kind: "get" } : { kind: f, ...versionedOf(value) };
  },
  answer({ f }, { value, error }) {
    if (f === "put") return { kind: /maybe/i.test(JSON.stringify(error ?? "")) ? "maybe" : "done" };
    return value === null ? { kind: "no key" } : { kind: "value", ...versionedOf(value) };
  },
  refusal(call, completion) {
    const reason = reasonOf(call, completion);
    if (saysAbsent(reason)) return { kind: "no key" };
    return call.f === "put" && reason !== null && /version/i.test(reason) ? { kind: "wrong version" } : null;
  },
  say(input) {
    return {
      f: input.kind,
      key: input.key,
      value: input.kind === "put" ? [input.value, input.version] : null,
    };
  },
  reply(input, output) {
    const { value } = this.say(input);
    switch (output.kind) {
      case "value":
        return { value: [output.value, output.version] };
      case "done":
        return { value };
      case "no key":
        return { value, error: "no-key" };
      case "wrong version":
        return { value, error: "version" };
      case "maybe":
        return { value, error: "maybe", type: "ok" };
    }
  },
};

function versionedOf(data: Data): { value?: string | null; version?: Data } {
  const [value, version] = partsOf(data);
  return value === undefined || version === undefined ? {} : { value: plainText(value), version };
}
