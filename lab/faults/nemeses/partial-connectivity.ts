/**
 * A server that does not hear the leader and reaches all others. It must not depose a leader who serves the rest, again
 * and again (thesis, section 9.6); a real outage began like that (Cloudflare, November 2020).
 */

import { MILLISECOND, type NodeId } from "../../../src/base/index.ts";
import { meant } from "./meant.ts";
import type { Nemesis } from "./nemesis.ts";

export const partialConnectivity: Nemesis = {
  name: "partialConnectivity",
  does: "a server that does not reach the leader alone",
  mark: "a pre-vote is refused for the leader's sake",
  servers: 3,
  classes: ["partition"],
  needs: { features: { preVote: true } },

  *round(stage) {
    const leader = yield* stage.led();
    const lone = stage.random.pick(stage.others(leader));
    const refused = stage.watch(
      meant("requestVoteReply", { to: lone }, ({ preVote, voteGranted }) => preVote && !voteGranted),
    );
    const between: readonly (readonly NodeId[])[] = [[leader], [lone]];
    yield* stage.cut(...between);
    yield* stage.until("it asks, and is refused", () => refused.count > 0);
    yield* stage.pause(stage.random.between(100, 1500) * MILLISECOND);
  },
};
