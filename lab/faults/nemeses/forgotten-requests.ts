/**
 * The leader loses its power and takes office again, and before it has applied its log copies of requests are there
 * that were done long ago, and clients that come back from a crash: it cannot know either, so the requests enter the
 * log once more. What counts is what the session table says when they are applied (section 8).
 */

import { MILLISECOND } from "../../../src/base/index.ts";
import { meant } from "./meant.ts";
import type { Nemesis } from "./nemesis.ts";

/** Rounds, of 1000, in which clients lose their power, too. */
const CLIENTS_TOO = 500;

/** Followers' answers are held back for so long at most: a leader that hears of nobody would step down. */
const UNAPPLIED = 60 * MILLISECOND;

export const forgottenRequests: Nemesis = {
  name: "forgottenRequests",
  does: "old requests, at a leader that has just restarted",
  mark: "an old request enters the log again",
  servers: 1,
  classes: ["crash", "loss", "duplication", "reordering"],
  // A snapshot would know them.
  needs: { maxRaftState: null, conditions: { detectsLoss: false } },

  *round(stage) {
    const leader = yield* stage.led();
    const others = stage.others(leader);
    const isWrite = meant("clerkRequest", { to: leader }, ({ operation }) => operation.kind !== "get");
    const copies = stage.copy(isWrite);
    const answers = stage.watch(meant("result", { from: leader }));
    const times = stage.random.between(4, 20);
    yield* stage.until("the leader has answered", () => answers.count >= times);
    copies.end();

    // Nobody else may win, so that it is the same server to which the copies go.
    stage.lose(meant("requestVote", { from: others }));
    const clients = stage.random.chance(CLIENTS_TOO) ? stage.clients : [];
    const [down, away] = [yield* stage.crash(leader), yield* stage.crash(...clients)];
    yield* stage.pause(MILLISECOND);
    yield* stage.heal(down);
    yield* stage.led([leader]);
    const commits = stage.hold(meant("appendEntriesReply", { from: others, to: leader }));
    yield* stage.release(copies);
    const opened = stage.watch(meant("openSession", { to: leader }));
    yield* stage.heal(away);
    yield* stage.within(UNAPPLIED, () => opened.count > 0);
    yield* stage.pause(2 * MILLISECOND);
    commits.end();
    yield* stage.release(commits);
  },
};
