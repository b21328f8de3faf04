/**
 * Figure 8 of the paper: an entry of an old term lies on a majority, and its leader, who has committed nothing of its
 * own term yet, crashes. Whoever has an entry of a later term may then be elected and overwrite it. A leader that
 * counted copies of the old entry has committed what is lost (section 5.4.2).
 */

import { MILLISECOND, type NodeId } from "../../../src/base/index.ts";
import { carriesEntries, meant } from "./meant.ts";
import type { Nemesis } from "./nemesis.ts";
import type { Script } from "./script.ts";
import type { Stage, Wound } from "./stage.ts";

/** An entry, by where it stands, and its leader's crash. */
interface Written {
  readonly index: number;
  readonly term: number;
  readonly down: Wound;
}

/** (a) S1 leads and has an entry on its own disk and on that of S2, nowhere else. Then it crashes. */
export function* writtenOnTwo(stage: Stage, s1: NodeId, s2: NodeId): Script<Written> {
  const others = stage.others(s1, s2);
  const lost = stage.lose(meant("appendEntries", { from: s1, to: others }, carriesEntries));
  const term = stage.raft(s1)!.currentTerm;
  const last = (id: NodeId) => stage.disk(id).log;
  const isWritten = () =>
    [s1, s2].every((id) => last(id).lastTerm === term) && last(s2).lastIndex > lastOf(stage, others);
  yield* stage.until("S1 and S2 have an entry that the others lack", isWritten);
  const { lastIndex: index } = last(s2);
  const down = yield* stage.crash(s1);
  lost.end();
  return { index, term, down };
}

function lastOf(stage: Stage, servers: readonly NodeId[]): number {
  return Math.max(...servers.map((id) => stage.disk(id).log.lastIndex));
}

export const figure8: Nemesis = {
  name: "figure8",
  does: "an old entry on a majority, overwritten later",
  mark: "an entry that was on a majority is overwritten",
  servers: 5,
  classes: ["crash", "partition", "loss"],
  // With two in a message, the old entry could not come without the one that commits it.
  needs: { limits: { maxBatch: 1 } },

  *round(stage) {
    const s1 = yield* stage.led();
    const [s2, ...rest] = stage.random.shuffle(stage.others(s1));
    const old = yield* writtenOnTwo(stage, s1, s2!);

    // (b) S5 leads without the votes of those two, and what it writes stays with it.
    const away = yield* stage.cut([s1, s2!], rest);
    const silent = stage.lose(meant("appendEntries", { from: rest }, carriesEntries));
    const s5 = yield* stage.led(rest);
    const isWritten = () => stage.disk(s5).log.lastTerm === stage.raft(s5)?.currentTerm;
    yield* stage.until("S5 has an entry of its own term", isWritten);
    const down = yield* stage.crash(s5);
    silent.end();

    // (c) S1 is back. It, or S2, goes on with the old entry until a majority has it; what is new reaches nobody.
    const isNew = meant("appendEntries", {}, ({ entries, term }) => entries.some((e) => e.term === term));
    const news = stage.lose(isNew);
    yield* stage.heal(old.down, away);
    const leader = yield* stage.led([s1, s2!]);
    const copies = () => stage.holders(old.index, old.term).length;
    yield* stage.until("a majority has the old entry", () => copies() >= stage.majority);
    // Until it has heard of the last copy, and believes what it then believes.
    yield* stage.within(30 * MILLISECOND, () => stage.raft(leader)!.commitIndex >= old.index);

    // (d) It crashes. Of the others, S5 alone can win.
    yield* stage.crash(leader);
    yield* stage.cut([s1, s2!], rest);
    yield* stage.heal(down);
    yield* stage.led([s5]);
    news.end();
  },
};
