/**
 * Shrink step for kv and registers: drop pending writes whose effect nobody observed.
 *
 * Why it invents nothing. Take a linearization with such a write in it, and take the write out. States differ only
 * from there to the next operation that replaces the value; call that stretch S. What is in S?
 * - A put or delete that ends it, and appends: possible in every state.
 * - No get: its answer would be the written value, extended by the appends of S, or would hold the appended text.
 *   But no answer does: that is what unobserved means.
 * - No cas that swapped, for the same reason: it would have seen its expected value in S.
 * - A cas of which nobody knows whether it swapped. In S it did not, for the same reason again. Without the write it
 *   might; but it never returned, so it may be left out of the order.
 * - A cas that was refused, or one that returned without telling: excluded, because without the write it might
 *   find its expected value. (The register is 0; a pending put of 1; cas(0 -> 2) is refused: legal only with the put.)
 *   With one of those around nothing is dropped.
 * To drop a pending operation never makes an illegal history legal, either: it could always be left out.
 */
import type { KvCall } from "../translation.ts";

/** Drops until nothing more can go: one pending cas may be all that observes another one's value. */
export function dropUnobserved(calls: readonly KvCall[]): readonly KvCall[] {
  if (calls.some(observesAbsence)) return calls;
  let kept = calls;
  for (;;) {
    const observer = new Observed(kept);
    const next = kept.filter((call) => call.return !== Infinity || observer.sees(call));
    if (next.length === kept.length) return kept;
    kept = next;
  }
}

/** Whether the call may say what the value was not. */
function observesAbsence({ input, output, return: end }: KvCall): boolean {
  if (input.kind !== "cas" || end === Infinity) return false;
  return output?.kind !== "swapped" || !output.swapped;
}

/** What answers, and cas that may have swapped, say about values. */
class Observed {
  private readonly values = new Set<string | null>();
  private readonly texts: readonly string[];
  private readonly hasAppends: boolean;

  constructor(calls: readonly KvCall[]) {
    for (const { input, output } of calls) {
      if (input.kind === "cas") this.values.add(input.expected);
      else if (output?.kind === "value") this.values.add(output.value);
    }
    this.texts = [...this.values].filter((value) => value !== null);
    this.hasAppends = calls.some(({ input }) => input.kind === "append");
  }

  sees({ input }: KvCall): boolean {
    switch (input.kind) {
      case "get":
        // Nobody saw its answer, and it changes nothing.
        return false;
      case "append":
        return this.texts.some((text) => text.includes(input.value));
      case "delete":
        return this.values.has(null) || this.hasAppends;
      case "put":
      case "cas":
        if (!this.hasAppends) return this.values.has(input.value);
        return this.texts.some((text) => text.startsWith(input.value));
    }
  }
}
