/** A server crashes when it has just answered: what it promised must be on the disks of a majority by then. */

import { MILLISECOND } from "../../../src/base/index.ts";
import { meant } from "./meant.ts";
import type { Nemesis } from "./nemesis.ts";

/** Rounds, of 1000, in which all servers lose their power, and not the leader alone. */
const ALL = 500;

export const killAfterAck: Nemesis = {
  name: "killAfterAck",
  does: "a crash right after an acknowledgement",
  mark: "the leader crashes right after an answer",
  servers: 1,
  classes: ["crash"],
  needs: {},

  *round(stage) {
    const leader = yield* stage.led();
    const isWrite = meant("result", { from: leader }, ({ result }) => result.kind !== "value");
    const answers = stage.watch(isWrite);
    yield* stage.until("the leader has answered a write", () => answers.count > 0);
    yield* stage.crash(...(stage.random.chance(ALL) ? stage.servers : [leader]));
    yield* stage.pause(stage.random.between(1, 300) * MILLISECOND);
  },
};
