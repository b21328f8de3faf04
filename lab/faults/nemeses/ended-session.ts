/**
 * A client's write is done, and its answers are lost; others crash, come back and open sessions, until there is no room
 * for its own. Whether its write was done nobody can tell it any more: it must not be done again (thesis, section 6.3).
 * Clients that come back must not be taken for who they were, either.
 */

import { MILLISECOND } from "../../../src/base/index.ts";
import { meant } from "./meant.ts";
import type { Nemesis } from "./nemesis.ts";

/** Clients that come back, at most, in a round. */
const NEWCOMERS = 8;

export const endedSession: Nemesis = {
  name: "endedSession",
  does: "a session that ends while its client asks again",
  mark: "a request of an ended session is turned down",
  servers: 1,
  classes: ["crash", "loss"],
  needs: { spareSessions: 1 },

  *round(stage) {
    yield* stage.led();
    const client = stage.random.pick(stage.clients);
    const others = stage.clients.filter((id) => id !== client);
    const isOfWrite = meant("result", { to: client }, ({ result }) => result.kind !== "value");
    const lost = stage.lose(isOfWrite);
    yield* stage.until("a write is done, and its client does not know", () => lost.count > 0);
    const ended = stage.watch(meant("expired", { to: client }));
    const opened = stage.watch(meant("sessionOpened", { to: others }));
    for (let left = others.length === 0 ? 0 : NEWCOMERS; left > 0 && ended.count === 0; left--) {
      const known = opened.count;
      const down = yield* stage.crash(stage.random.pick(others));
      yield* stage.pause(MILLISECOND);
      yield* stage.heal(down);
      yield* stage.within(300 * MILLISECOND, () => opened.count > known);
    }
    yield* stage.until("its session has ended", () => ended.count > 0);
  },
};
