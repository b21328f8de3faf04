/** The core tried in every order that the clock allows: how far each goes, and what it fails at. */

import { ILLEGAL } from "../model/model.ts";
import { kv } from "../models/kv.ts";
import { finishedBefore } from "./call.ts";
import type { Core } from "./core.ts";
import type { OrderAttempt, OrderStep } from "./explanation.ts";
import type { KvCall, Translated } from "./translation.ts";

/** More orders than these tell a reader nothing new. */
const MOST_ATTEMPTS = 6;

/** States tried: a core that could not be made small has more orders than anybody can count. */
const MOST_STEPS = 2000;

interface Failure {
  readonly steps: readonly OrderStep[];
  readonly blocked: KvCall;
  readonly state: string;
}

/** The longest first. Of those that fail at the same operation in the same state, one is enough. */
export function attemptsAt({ calls, initial }: Core, { valueWords }: Translated): readonly OrderAttempt[] {
  const found: Failure[] = [];
  let left = MOST_STEPS;
  const extend = (state: typeof initial, rest: readonly KvCall[], steps: readonly OrderStep[]): void => {
    for (const call of rest) {
      if (left-- <= 0) return;
      // Whoever had returned before this one was called has to come first.
      if (rest.some((other) => finishedBefore(other, call))) continue;
      const next = kv.step(state, call.input, call.output);
      if (next === ILLEGAL) {
        found.push({ steps, blocked: call, state: valueWords(state) });
        continue;
      }
      const step = { operation: call.id, state: valueWords(next) };
      extend(
        next,
        rest.filter((other) => other !== call),
        [...steps, step],
      );
    }
  };
  extend(initial, calls, []);
  found.sort((a, b) => b.steps.length - a.steps.length);
  const told = new Set<string>();
  const attempts = found.flatMap(({ steps, blocked, state }) => {
    const failure = `${blocked.id} ${state}`;
    if (told.has(failure)) return [];
    told.add(failure);
    return [{ steps, blocked: blocked.id, state }];
  });
  return attempts.slice(0, MOST_ATTEMPTS);
}
