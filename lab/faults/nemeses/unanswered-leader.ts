/**
 * A leader that everybody hears and that hears nobody: its heartbeats keep the others from electing, and it commits
 * nothing. It must step down by itself (thesis, section 6.2, CheckQuorum).
 */

import { MILLISECOND, SECOND } from "../../../src/base/index.ts";
import { perfectConditions } from "../../sim/index.ts";
import type { Nemesis } from "./nemesis.ts";

export const unansweredLeader: Nemesis = {
  name: "unansweredLeader",
  does: "a leader that is heard by all and hears nobody",
  mark: "a leader without a quorum steps down",
  servers: 3,
  classes: ["partition"],
  // What is promised of slow elections, or of a network that loses messages, is longer than most runs.
  needs: {
    features: { preVote: true, checkQuorum: true },
    timing: { electionTimeout: 60 * MILLISECOND, heartbeatInterval: 25 * MILLISECOND },
    slowDisks: "none",
    conditions: perfectConditions,
  },

  *round(stage) {
    const deaf = yield* stage.led();
    const others = stage.others(deaf);
    yield* stage.deafen(deaf);
    // Nobody knows how long that takes: the availability bound does.
    yield* stage.until("one of the others leads", () => others.includes(stage.leader() ?? ""), 20 * SECOND);
    yield* stage.pause(stage.random.between(10, 200) * MILLISECOND);
  },
};
