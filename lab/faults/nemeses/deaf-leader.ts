/**
 * A leader is deposed behind a cut and does not learn of it, because it hears nobody even when it is heard again. Then
 * its successor crashes: those who are left know the later term, and must not wait for who leads the earlier one
 * (Figure 2, AppendEntries rule 1; section 5.2).
 */

import { MILLISECOND, SECOND } from "../../../src/base/index.ts";
import { perfectConditions } from "../../sim/index.ts";
import type { Nemesis } from "./nemesis.ts";

export const deafLeader: Nemesis = {
  name: "deafLeader",
  does: "a deposed leader that is heard and hears nobody",
  mark: "a deposed leader is told of the later term",
  servers: 5,
  classes: ["partition", "crash"],
  // With CheckQuorum, who hears nobody leads no more. What is promised of slow elections, or of a
  // network that loses messages, is longer than most runs.
  needs: {
    features: { checkQuorum: false },
    timing: { electionTimeout: 60 * MILLISECOND, heartbeatInterval: 25 * MILLISECOND },
    slowDisks: "none",
    conditions: perfectConditions,
  },

  *round(stage) {
    const deposed = yield* stage.led();
    const others = stage.others(deposed);
    const away = yield* stage.cut([deposed], others);
    const successor = yield* stage.led(others);
    const hasFollowers = () =>
      others.every((id) => stage.raft(id)?.currentTerm === stage.raft(successor)?.currentTerm);
    yield* stage.until("the others have heard of its successor", hasFollowers);
    yield* stage.deafen(deposed);
    yield* stage.heal(away);
    yield* stage.crash(successor);
    const rest = stage.others(deposed, successor);
    // Nobody knows how long an election takes: the availability bound does.
    yield* stage.until("one of the rest leads", () => rest.includes(stage.leader() ?? ""), 20 * SECOND);
    yield* stage.pause(stage.random.between(10, 200) * MILLISECOND);
  },
};
