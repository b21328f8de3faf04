/** What leaves a server with a step. */

import type { RaftEffect, RaftMessage } from "../../../src/raft/index.ts";

/** All messages among effects, also those that wait for a write. */
export function messagesIn(effects: readonly RaftEffect[]): readonly RaftMessage[] {
  return effects.flatMap((effect) => {
    if (effect.kind === "request" || effect.kind === "reply") return [effect.payload];
    return effect.kind === "persist" ? effect.thenSend.map(({ payload }) => payload) : [];
  });
}
