/**
 * Which violation it is: two runs show the same one if the same oracle noticed, and the same class of it. Without that
 * a shrinker slips from a rare bug to whatever else is wrong.
 */

import type { Outcome, Report } from "../run/index.ts";

/** What a run came to. Beyond the outcomes of a run: it may throw what no assertion throws. */
export type FailureOutcome = Outcome | "crash";

export interface Signature {
  /** An invariant or a liveness oracle by name, "history" or "crash". */
  readonly oracle: string;
  /** Of a history how it is explained, of an assertion or a crash what it said, without its numbers; else null. */
  readonly class: string | null;
}

/** Null if nothing is wrong, or nothing could be decided. */
export function signatureOf({ outcome, violation, objects }: Report): Signature | null {
  switch (outcome) {
    case "ok":
    case "unknown":
      return null;
    case "illegal": {
      const explanation = objects.find(({ verdict }) => verdict === "illegal")?.explanation;
      return { oracle: "history", class: explanation?.kind === "violation" ? explanation.class : null };
    }
    case "invariant":
    case "liveness": {
      const { name, message } = violation!;
      return { oracle: name, class: name === "assertion" ? withoutNumbers(message) : null };
    }
  }
}

/** Of a run that threw. */
export function signatureOfCrash(error: unknown): Signature {
  return { oracle: "crash", class: withoutNumbers(String(error).split("\n")[0]!) };
}

export function isSame(a: Signature | null, b: Signature | null): boolean {
  return a?.oracle === b?.oracle && a?.class === b?.class;
}

/** Such as "election safety", or "history (stale-read)". */
export function signatureText({ oracle, class: name }: Signature): string {
  return name === null ? oracle : `${oracle} (${name})`;
}

/** What is asserted stays the same when the world gets smaller; whom and how much it is about does not. */
function withoutNumbers(message: string): string {
  return message.replace(/\d+/g, "#");
}
