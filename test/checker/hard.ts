/** Histories that take a search very long. */
import { type HistoryEvent, type KvInput, type KvOutput, kv } from "porcupine-ts";
import { script } from "./build.ts";

const done = { kind: "done" } as const;

const { traits: _traits, ...promiseless } = kv;

/** The model without its promises, so that nothing makes hard histories easy. */
export const bare = promiseless;

/** Many concurrent writes of one value each and a read that fits none: every order has to be tried. */
export function hard(key: string, width: number): readonly HistoryEvent<KvInput, KvOutput>[] {
  const history = script<KvInput, KvOutput>();
  const first = key.charCodeAt(0) * 1_000;
  for (let i = 0; i < width; i++) {
    history.begin(first + i, { kind: "cas", key, expected: i % 2 === 0 ? null : "1", value: `${i % 3}` });
    history.begin(first + 100 + i, { kind: "append", key, value: `${i % 2}` });
  }
  for (let i = 0; i < width; i++) history.end(first + 100 + i, done);
  history.call(first + 200, { kind: "get", key }, { kind: "value", value: "0101010101012" });
  return history.history;
}
