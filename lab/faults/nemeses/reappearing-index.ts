/**
 * An index is written by three leaders, the third time as the first: an entry of S1's is overwritten on S2 by one of
 * S5's, and comes back with S1. What anybody remembered of that index, by its number alone, is wrong twice.
 */

import { writtenOnTwo } from "./figure8.ts";
import { carriesEntries, meant } from "./meant.ts";
import type { Nemesis } from "./nemesis.ts";

export const reappearingIndex: Nemesis = {
  name: "reappearingIndex",
  does: "an entry that is overwritten, and comes back",
  mark: "an overwritten entry comes back",
  servers: 5,
  classes: ["crash", "partition", "loss"],
  needs: {},

  *round(stage) {
    const s1 = yield* stage.led();
    const [s2, ...rest] = stage.random.shuffle(stage.others(s1));
    const first = yield* writtenOnTwo(stage, s1, s2!);

    // S5 leads without them. Then it writes to S2, and to nobody else.
    const away = yield* stage.cut([s1, s2!], rest);
    const silent = stage.lose(meant("appendEntries", { from: rest, to: rest }, carriesEntries));
    const s5 = yield* stage.led(rest);
    yield* stage.heal(away);
    const isOverwritten = () => !stage.holders(first.index, first.term).includes(s2!);
    yield* stage.until("S2 has another entry in its place", isOverwritten);

    // S5 is gone with S2, of whose votes S1 would get none; S1 is back.
    const down = yield* stage.crash(s5, s2!);
    silent.end();
    yield* stage.heal(first.down);
    yield* stage.led([s1]);
    yield* stage.heal(down);
    yield* stage.until("S2 has the first again", () => stage.holders(first.index, first.term).includes(s2!));
  },
};
