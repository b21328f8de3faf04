/**
 * Two servers campaign in the same term, each asks half of the others first, and some of those crash between the two
 * questions: whoever has voted must know it, and somebody must win some time (section 5.2).
 */

import { MILLISECOND, type NodeId } from "../../../src/base/index.ts";
import { meant } from "./meant.ts";
import type { Nemesis } from "./nemesis.ts";
import type { Stage } from "./stage.ts";

/** Rounds, of 1000, in which voters crash when they have voted. */
const FORGETFUL = 500;

/** Two candidates of one term; null while there are none. */
function rivals(stage: Stage): readonly [NodeId, NodeId] | null {
  const candidates = stage.servers.filter((id) => stage.raft(id)?.role === "candidate");
  for (const a of candidates) {
    const b = candidates.find((id) => id > a && stage.raft(id)!.currentTerm === stage.raft(a)!.currentTerm);
    if (b !== undefined) return [a, b];
  }
  return null;
}

export const splitVote: Nemesis = {
  name: "splitVote",
  does: "two candidates in a term, votes divided",
  mark: "two servers campaign in one term",
  servers: 3,
  classes: ["crash", "reordering"],
  needs: {},

  *round(stage) {
    const leader = yield* stage.led();
    const asked = stage.hold(meant("requestVote", {}, ({ preVote }) => !preVote));
    yield* stage.crash(leader);
    yield* stage.until("two campaign in one term", () => rivals(stage) !== null);
    const [a, b] = rivals(stage)!;
    asked.end();
    const voters = stage.random.shuffle(stage.others(a, b, leader));
    const half = Math.ceil(voters.length / 2);
    const first = (voter: NodeId) => (voters.indexOf(voter) < half ? a : b);
    yield* stage.release(asked, ({ from, to }) => voters.includes(to) && from === first(to));
    if (voters.length > 0 && stage.random.chance(FORGETFUL)) {
      yield* stage.pause(stage.random.between(2, 5) * MILLISECOND);
      const down = yield* stage.crash(...voters);
      yield* stage.heal(down);
    }
    yield* stage.release(asked);
    yield* stage.led();
  },
};
