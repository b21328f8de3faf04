/**
 * Requests arrive and answers do not: clerks ask again and again for what was done long ago, leaders send again what
 * their followers have. Each must be done once, and must not cause more messages than it answers.
 */

import { MILLISECOND } from "../../../src/base/index.ts";
import { meant } from "./meant.ts";
import type { Nemesis } from "./nemesis.ts";

/** Acknowledgements of followers, of 1000, that are lost too. */
const FOLLOWERS = 400;

export const lostReplyStorm: Nemesis = {
  name: "lostReplyStorm",
  does: "answers that are lost, requests that are not",
  mark: "a retry gets the stored answer",
  servers: 1,
  classes: ["loss"],
  needs: {},

  *round(stage) {
    yield* stage.led();
    const answers = stage.lose(meant("result"));
    stage.lose(meant("appendEntriesReply", {}, () => stage.random.chance(FOLLOWERS)));
    const answeredAgain = () => {
      const last = answers.met.at(-1);
      return answers.met.some(
        (each) => each !== last && each.to === last?.to && each.payload.request === last.payload.request,
      );
    };
    yield* stage.until("a request is answered again", answeredAgain);
    yield* stage.pause(stage.random.between(1, 400) * MILLISECOND);
  },
};
