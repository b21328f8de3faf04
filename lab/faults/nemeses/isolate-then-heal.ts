/**
 * The leader is cut off with a write that waits for its entry; the others put another entry in its place; then all are
 * one cluster again. Who waits must not be answered because *something* was applied at that index.
 */

import type { NodeId } from "../../../src/base/index.ts";
import type { Command } from "../../../src/kv/index.ts";
import type { Nemesis } from "./nemesis.ts";
import type { Stage } from "./stage.ts";

/** The first entry that this server has not committed; null if there is none, or if nobody waits for it. */
function waitingAt(stage: Stage, id: NodeId): number | null {
  const raft = stage.raft(id);
  const index = raft === null ? 0 : raft.commitIndex + 1;
  if (raft === null || index > raft.log.lastIndex) return null;
  return (raft.log.entryAt(index).command as Command).kind === "noop" ? null : index;
}

export const isolateThenHeal: Nemesis = {
  name: "isolateThenHeal",
  does: "a leader cut off with a write that waits",
  mark: "what a deposed leader took is overwritten",
  servers: 3,
  classes: ["partition"],
  needs: {},

  *round(stage) {
    const leader = yield* stage.led();
    const others = stage.others(leader);
    const isolated = yield* stage.cut([leader], others);
    yield* stage.until("a write waits at the leader", () => waitingAt(stage, leader) !== null);
    const index = waitingAt(stage, leader)!;
    const { term } = stage.raft(leader)!.log.entryAt(index);
    const successor = yield* stage.led(others);
    const hasCommitted = () => (stage.raft(successor)?.commitIndex ?? 0) >= index;
    yield* stage.until("another entry is committed in its place", hasCommitted);
    yield* stage.heal(isolated);
    const isThere = () => stage.holders(index, term).length > 0;
    yield* stage.until("its own is overwritten", () => !isThere());
  },
};
