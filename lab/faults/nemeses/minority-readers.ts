/**
 * The leader is left with a minority of the servers and with clients who go on reading there, while the majority
 * elects another and writes: the deposed leader must not answer from what it has (thesis, section 6.4).
 */

import { MILLISECOND } from "../../../src/base/index.ts";
import { meant } from "./meant.ts";
import type { Nemesis } from "./nemesis.ts";

export const minorityReaders: Nemesis = {
  name: "minorityReaders",
  does: "a deposed leader, and clients who read there",
  mark: "a deposed leader is asked for a read",
  servers: 3,
  classes: ["partition"],
  needs: { reads: "index" },

  *round(stage) {
    const leader = yield* stage.led();
    const order = stage.random.shuffle(stage.others(leader));
    const majority = order.slice(0, stage.majority);
    const minority = [leader, ...order.slice(stage.majority)];
    const clients = stage.random.shuffle(stage.clients);
    const readers = clients.slice(0, Math.ceil(clients.length / 2));
    const writers = clients.slice(readers.length);
    yield* stage.cut([...minority, ...readers], [...majority, ...writers]);
    const successor = yield* stage.led(majority);
    const isLeader = () => stage.raft(leader)?.role === "leader";
    const isRead = meant("clerkRequest", { to: leader }, ({ operation }) => operation.kind === "get");
    const reads = stage.watch(isRead);
    const written = () => stage.raft(successor)!.commitIndex > stage.raft(leader)!.commitIndex + 1;
    yield* stage.until("the majority has gone on", () => written() || !isLeader());
    yield* stage.until("a reader asks the deposed leader", () => reads.count > 0 || !isLeader());
    yield* stage.pause(stage.random.between(10, 200) * MILLISECOND);
  },
};
