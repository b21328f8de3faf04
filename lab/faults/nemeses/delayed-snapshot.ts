/** A snapshot is under way for so long that its follower is ahead of it when it comes: it must not go back. */

import { meant } from "./meant.ts";
import type { Nemesis } from "./nemesis.ts";

export const delayedSnapshot: Nemesis = {
  name: "delayedSnapshot",
  does: "a snapshot older than what the follower has",
  mark: "an old snapshot arrives and changes nothing",
  servers: 3,
  classes: ["partition", "reordering"],
  needs: { maxRaftState: 60 },

  *round(stage) {
    const leader = yield* stage.led();
    const follower = stage.random.pick(stage.others(leader));
    const away = yield* stage.cut([follower], stage.others(follower));
    const isBehind = () =>
      (stage.raft(leader)?.log.snapshotIndex ?? 0) > (stage.raft(follower)?.log.lastIndex ?? 0);
    yield* stage.until("the leader has compacted what the follower lacks", isBehind);
    const late = stage.hold(
      meant("installSnapshot", { to: follower }, ({ done }) => done),
      1,
    );
    yield* stage.heal(away);
    yield* stage.until("the end of a snapshot is held", () => late.count > 0);
    const { lastIncludedIndex } = late.met[0]!.payload;
    const isAhead = () => (stage.raft(follower)?.commitIndex ?? 0) > lastIncludedIndex;
    yield* stage.until("the follower is ahead of it", isAhead);
    yield* stage.release(late);
  },
};
