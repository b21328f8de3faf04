/**
 * A leader is deposed, and elected again later. Answers of its first office arrive in the second: they tell of entries
 * that the follower had then and has no more, because another leader has cut them off in between.
 */

import { MILLISECOND, type NodeId } from "../../../src/base/index.ts";
import { carriesEntries, meant } from "./meant.ts";
import type { Nemesis } from "./nemesis.ts";

export const lateAnswers: Nemesis = {
  name: "lateAnswers",
  does: "answers to a leader that arrive in its next office",
  mark: "a deposed leader is elected again",
  servers: 5,
  classes: ["partition", "loss", "reordering"],
  needs: {},

  *round(stage) {
    const s1 = yield* stage.led();
    const [s2, ...rest] = stage.random.shuffle(stage.others(s1));
    const end = (...ids: readonly NodeId[]) => Math.max(...ids.map((id) => stage.disk(id).log.lastIndex));

    // S2 alone has S1's entries, and its answers are long under way.
    const answers = stage.hold(meant("appendEntriesReply", { from: s2!, to: s1 }));
    const silent = stage.lose(meant("appendEntries", { from: s1, to: rest }, carriesEntries));
    yield* stage.until("S2 has two entries that the others lack", () => end(s2!) >= end(...rest) + 2);
    const { lastIndex: index, lastTerm: term } = stage.disk(s2!).log;
    answers.end();

    // S5 is elected without those two, and cuts their entries off with its first one. Nobody asks it for another.
    const away = yield* stage.cut([s1, s2!], rest);
    stage.lose(meant("openSession", { to: rest }));
    const idle = stage.lose(meant("clerkRequest", { to: rest }));
    const s5 = yield* stage.led(rest);
    silent.end();
    yield* stage.heal(away);
    const isCut = () => !stage.holders(index, term).some((id) => id === s1 || id === s2);
    yield* stage.until("their entries are gone", isCut);

    // S1 leads again. It has an entry at that index, which S2 does not get; then S2's old answers arrive.
    stage.lose(meant("appendEntries", { from: s1, to: s2! }));
    stage.lose(meant("requestVote", { from: stage.others(s1) }));
    yield* stage.cut([s5], stage.others(s5));
    yield* stage.led([s1]);
    idle.end();
    yield* stage.until("S1 has another entry there", () => end(s1) >= index);
    yield* stage.release(answers);
    yield* stage.pause(stage.random.between(1, 30) * MILLISECOND);
  },
};
