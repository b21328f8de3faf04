/** The power fails between a write and its fsync, on all servers at once: nobody may have heard of what was written. */

import { MILLISECOND, type NodeId } from "../../../src/base/index.ts";
import type { Nemesis } from "./nemesis.ts";
import type { Stage } from "./stage.ts";

/** True while this server's memory is ahead of its disk. */
function isAhead(stage: Stage, id: NodeId): boolean {
  const raft = stage.raft(id);
  if (raft === null) return false;
  const { currentTerm, votedFor, log } = stage.disk(id);
  return raft.log.lastIndex > log.lastIndex || raft.currentTerm > currentTerm || raft.votedFor !== votedFor;
}

export const fsyncWindow: Nemesis = {
  name: "fsyncWindow",
  does: "power loss between a write and its fsync",
  mark: "a crash loses entries that were not synced",
  servers: 1,
  classes: ["crash"],
  needs: { slowDisks: "all" },

  *round(stage) {
    yield* stage.led();
    const least = stage.random.between(1, stage.majority);
    const ahead = () => stage.servers.filter((id) => isAhead(stage, id)).length;
    yield* stage.until("so many have written what is not on their disks", () => ahead() >= least);
    // Some time later: what was sent meanwhile has arrived, what was acknowledged too soon is believed.
    yield* stage.pause(stage.random.between(0, 12) * MILLISECOND);
    yield* stage.crash(...stage.servers);
    yield* stage.pause(stage.random.between(1, 100) * MILLISECOND);
  },
};
