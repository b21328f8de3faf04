/** Which pairs of core operations the contradiction is made of: the arrows of its picture. */
import { type Call, finishedBefore } from "./call.ts";
import { appended, type Core } from "./core.ts";
import type { Relation } from "./explanation.ts";
import type { Oracle } from "./oracle.ts";
import { returnAfterCallOf } from "./steps/widen.ts";

/**
 * The pairs that finished one before the other and have to: each interval is widened until it no longer did, and if
 * the calls are illegal all the same, the pair was no part of the reason. What is left is all needed, and what follows
 * from two others is not listed.
 */
export function precedences<State, Input, Output>(
  oracle: Oracle<State, Input, Output>,
  core: readonly Call<Input, Output>[],
): readonly Relation[] {
  let calls = core;
  const pairs = core.flatMap((from) =>
    core.filter((to) => finishedBefore(from, to)).map((to) => ({ from, to })),
  );
  // Far pairs first: near ones are easier to see.
  pairs.sort((a, b) => b.to.call - b.from.return - (a.to.call - a.from.return));
  for (const { from, to } of pairs) {
    const wider = returnAfterCallOf(calls, from.id, to);
    if (oracle.isIllegal(wider)) calls = wider;
  }
  const isBetween = (from: Call<Input, Output>, to: Call<Input, Output>) => (middle: Call<Input, Output>) =>
    finishedBefore(from, middle) && finishedBefore(middle, to);
  return calls.flatMap((from) =>
    calls
      .filter((to) => finishedBefore(from, to) && !calls.some(isBetween(from, to)))
      .map((to): Relation => ({ kind: "finished-before", from: from.id, to: to.id })),
  );
}

/** Which answers show which writes: a value by its only writer in the core, an appended text by its own. */
export function sights(core: Core): readonly Relation[] {
  return core.calls.flatMap((reader) => {
    const sight = core.sightOf(reader);
    if (sight === null) return [];
    const shown = core.writes.filter((write) => write !== reader && core.shows(sight, write));
    return shown
      .filter((write) => shown.every((other) => other === write || appended(other) !== appended(write)))
      .map((write): Relation => ({ kind: "saw", from: reader.id, to: write.id }));
  });
}
