/**
 * A leader has a lease, and the others elect another one as soon as they may: clients who go on reading at the first
 * must not be answered from what it has (thesis, section 6.4.1). Either it is cut off with them, and what its followers
 * had answered arrives late. Or a follower that hears nothing of it stands for election, and those who had promised
 * their leader not to vote come back from a crash and know nothing of it. Or it hands over and does not hear how that
 * ends.
 */

import { type Duration, MILLISECOND, type NodeId } from "../../../src/base/index.ts";
import { meant } from "./meant.ts";
import type { Nemesis } from "./nemesis.ts";
import type { Script } from "./script.ts";
import type { Stage } from "./stage.ts";

/** How long answers are held back, and how late they come. */
const SAVING: Duration = 120 * MILLISECOND;

/** How long a leader is read from that may be none any more. */
const READING: Duration = 400 * MILLISECOND;

const OUTAGE: Duration = 10 * MILLISECOND;

/** One of the others leads, or none of them will. */
function* deposed(stage: Stage, leader: NodeId): Script {
  yield* stage.within(READING, () => stage.others(leader).some((id) => id === stage.leader()));
}

function* cutOff(stage: Stage, leader: NodeId): Script {
  const order = stage.random.shuffle(stage.others(leader));
  const majority = order.slice(0, stage.majority);
  const clients = stage.random.shuffle(stage.clients);
  const readers = clients.slice(0, Math.ceil(clients.length / 2));
  const answers = stage.hold(meant("appendEntriesReply", { from: majority, to: leader }));
  yield* stage.pause(SAVING);
  answers.end();
  yield* stage.cut(
    [leader, ...order.slice(stage.majority), ...readers],
    [...majority, ...clients.slice(readers.length)],
  );
  yield* stage.pause(SAVING);
  yield* stage.release(answers);
  yield* deposed(stage, leader);
  yield* stage.pause(SAVING);
}

function* forget(stage: Stage, leader: NodeId): Script {
  const [candidate, ...voters] = stage.random.shuffle(stage.others(leader));
  yield* stage.cut([leader], [candidate!]);
  const asked = stage.hold(meant("requestVote", { from: candidate!, to: voters }));
  yield* stage.until("it asks for votes", () => asked.count >= voters.length);
  asked.end();
  const down = yield* stage.crash(...voters);
  // They would hear of their leader again before anybody else asks.
  yield* stage.cut([leader], voters);
  yield* stage.pause(OUTAGE);
  yield* stage.heal(down);
  yield* stage.release(asked);
  yield* stage.pause(SAVING);
}

/** The leader knows that this follower lacks nothing. */
function hasAll(stage: Stage, leader: NodeId, id: NodeId): boolean {
  const raft = stage.raft(leader);
  return raft?.role === "leader" && raft.matchIndexOf(id) === raft.log.lastIndex;
}

function* handOver(stage: Stage, leader: NodeId): Script {
  const successor = () => stage.others(leader).find((id) => hasAll(stage, leader, id));
  yield* stage.until("a follower has the whole log", () => successor() !== undefined);
  stage.lose(meant("requestVote", { to: leader }));
  stage.hold(meant("appendEntries", { from: stage.others(leader), to: leader }));
  yield* stage.transfer(successor()!);
  yield* deposed(stage, leader);
  yield* stage.pause(SAVING);
}

const WAYS = [cutOff, cutOff, forget, handOver] as const;

export const staleLease: Nemesis = {
  name: "staleLease",
  does: "a leader with a lease, while others elect",
  mark: "a leader is asked for a read when its lease has run out",
  servers: 3,
  classes: ["partition"],
  // Whoever has restarted must get what was on its way to it.
  needs: { reads: "lease", conditions: { detectsLoss: false } },

  *round(stage) {
    const leader = yield* stage.led();
    yield* stage.pause(SAVING);
    yield* stage.random.pick(WAYS)(stage, leader);
  },
};
