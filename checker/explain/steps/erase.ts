/**
 * Shrink step for kv: erase an appended token everywhere, from the calls that append it and from all answers.
 *
 * Why it invents nothing. Let the texts that are put or appended be a prefix-free code, so that a value is read as a
 * list of tokens in one way only. Then the states of a linearization are lists, and to erase a token from a list
 * commutes with every step: put [u] stays put [u], an append of another token appends it to the erased list, an append
 * of the erased token does nothing and may go, and a get returns the erased list. So the erased operations in
 * the same order are a linearization of the erased history. An answer that is no list of tokens belongs to no
 * linearization, so whatever becomes of it invents nothing.
 *
 * What must not be around: cas, which compares values (two different ones may be the same once erased); the empty
 * text as a token; a put of the token itself; and where an erased list ends up empty, one state only that it can
 * stand for: the initial one, so no delete unless the key was absent at first.
 */
import type { KvState } from "../../models/kv.ts";
import type { Code } from "../code.ts";
import type { KvCall } from "../translation.ts";

/** The tokens that may be erased, the last appended first. */
export function erasable(calls: readonly KvCall[], code: Code, initial: KvState): string[] {
  if (initial !== null && initial !== "") return [];
  const appended = new Set<string>();
  const put = new Set<string>();
  for (const { input } of calls) {
    if (input.kind === "cas" || (input.kind === "delete" && initial !== null)) return [];
    if (input.kind === "append") appended.add(input.value);
    if (input.kind === "put") put.add(input.value);
  }
  if (appended.size === 0 || !code.isPrefixFree) return [];
  return [...appended].filter((token) => !put.has(token)).reverse();
}

/** Only tokens that `erasable` names. */
export function erase(
  calls: readonly KvCall[],
  code: Code,
  initial: KvState,
  tokens: ReadonlySet<string>,
): KvCall[] {
  const kept: KvCall[] = [];
  for (const call of calls) {
    const { input, output } = call;
    if (input.kind === "append" && tokens.has(input.value)) continue;
    if (output?.kind !== "value" || output.value === null) kept.push(call);
    else
      kept.push({ ...call, output: { kind: "value", value: erased(output.value, code, initial, tokens) } });
  }
  return kept;
}

function erased(value: string, code: Code, initial: KvState, tokens: ReadonlySet<string>): KvState {
  const list = code.read(value);
  const left = list.filter((token) => !tokens.has(token));
  return left.length === 0 && list.length > 0 ? initial : left.join("");
}
