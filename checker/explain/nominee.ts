/**
 * A core that is likely, asked about before anything is shrunk: most impossible replies are stale, and then the reply,
 * the first write that it lacks, and what wrote the value that it goes back to contradict each other by themselves.
 * Shrinking finds the same, by many questions about histories that are still long.
 *
 * To nominate is sound: the few are reached from the prefix by shrink steps only, and whether they are illegal is asked.
 */
import type { KvInput, KvOutput, KvState } from "../models/kv.ts";
import type { Code } from "./code.ts";
import { type Core, wrote } from "./core.ts";
import type { Oracle } from "./oracle.ts";
import { stalenessOf } from "./staleness.ts";
import { cutTail } from "./steps/cut.ts";
import { erasable, erase } from "./steps/erase.ts";
import { forget } from "./steps/forget.ts";
import { dropReads } from "./steps/reads.ts";
import { dropUnobserved } from "./steps/unobserved.ts";
import type { KvCall } from "./translation.ts";

/** What may be left of the prefix of a stale reply; null if it was not stale, or if the few are legal. */
export function nomineeOf(
  oracle: Oracle<KvState, KvInput, KvOutput>,
  prefix: Core,
  code: Code,
): readonly KvCall[] | null {
  const sight = prefix.sightOf(prefix.impossible);
  const staleness = stalenessOf(prefix, sight);
  if (sight === null || staleness === null) return null;
  const { calls, impossible, initial } = prefix;
  const newer = calls.find(({ id }) => id === staleness.since)!;
  const kept = new Set([impossible, newer, ...prefix.writes.filter((write) => wrote(write, sight.head))]);
  const others = new Set(calls.filter((call) => !kept.has(call)).map(({ id }) => id));
  const few = forget(dropReads(oracle.model, calls, others), others);
  const text = textOf(newer);
  const tokens = new Set(erasable(few, code, initial).filter((token) => token !== text));
  const nominee = dropUnobserved(cutTail(erase(few, code, initial, tokens)));
  return oracle.isIllegal(nominee) ? nominee : null;
}

function textOf({ input }: KvCall): KvState {
  return "value" in input ? input.value : null;
}
