/** An AppendEntries is overtaken by later ones and arrives last: what the follower has acknowledged since must stay. */

import { carriesEntries, meant } from "./meant.ts";
import type { Nemesis } from "./nemesis.ts";

export const reorderedAppendEntries: Nemesis = {
  name: "reorderedAppendEntries",
  does: "AppendEntries overtaken by later ones",
  mark: "an old AppendEntries arrives after a newer one",
  servers: 2,
  classes: ["reordering"],
  needs: {},

  *round(stage) {
    const leader = yield* stage.led();
    const follower = stage.random.pick(stage.others(leader));
    const late = stage.hold(meant("appendEntries", { from: leader, to: follower }, carriesEntries), 1);
    yield* stage.until("an AppendEntries with entries is held", () => late.count > 0);
    const { prevLogIndex, entries } = late.met[0]!.payload;
    const last = prevLogIndex + entries.length;
    // No answer comes, so the leader sends them again, with what has come since.
    yield* stage.until("the follower has later ones", () => stage.disk(follower).log.lastIndex > last);
    yield* stage.release(late);
  },
};
