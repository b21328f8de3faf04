/**
 * The leader is left with a minority of the servers and with clients who go on reading there, while the majority
 * elects another and writes: the deposed leader must not answer from what it has (thesis, section 6.4). Answers of its
 * followers that are long under way keep it in office, which CheckQuorum would end; none of them confirms a read.
 */

import { type Duration, MILLISECOND, type NodeId } from "../../../src/base/index.ts";
import type { ClerkRequest, KvMessage } from "../../../src/kv/index.ts";
import { meant } from "./meant.ts";
import type { Nemesis } from "./nemesis.ts";
import type { Rule } from "./rules.ts";
import type { Script } from "./script.ts";
import type { Stage } from "./stage.ts";

/** How long answers are saved up, and how often one of each follower is let through then. */
const SAVING: Duration = 200 * MILLISECOND;
const PACE: Duration = 100 * MILLISECOND;

/** Who asks for reads now, and has mostly done so: a writer would wait for its answer from now on. */
function readersFirst(stage: Stage, { met }: Rule<ClerkRequest>): readonly NodeId[] {
  const liking = (client: NodeId) => {
    const kinds = met.filter(({ from }) => from === client).map(({ payload }) => payload.operation.kind);
    const gets = kinds.filter((kind) => kind === "get").length;
    return (kinds.at(-1) === "get" ? 1 : 0) + gets / (kinds.length + 1);
  };
  return [...stage.clients].sort((a, b) => liking(b) - liking(a));
}

/** Until this is so, an old answer of each follower arrives from time to time. */
function* feed(stage: Stage, answers: Rule<KvMessage>, so: () => boolean): Script {
  while (!(yield* stage.within(PACE, so)) && answers.kept.length > 0) {
    const oldest = new Map<NodeId, number>();
    for (const { message } of answers.kept) {
      if (!oldest.has(message.from)) oldest.set(message.from, message.nth);
    }
    yield* stage.release(answers, ({ from, nth }) => oldest.get(from) === nth);
  }
}

export const minorityReaders: Nemesis = {
  name: "minorityReaders",
  does: "a deposed leader, and clients who read there",
  mark: "a deposed leader is asked for a read",
  servers: 3,
  classes: ["partition", "reordering"],
  needs: { reads: "index" },

  *round(stage) {
    const leader = yield* stage.led();
    const order = stage.random.shuffle(stage.others(leader));
    const majority = order.slice(0, stage.majority);
    const minority = [leader, ...order.slice(stage.majority)];
    const asked = stage.watch(meant("clerkRequest"));
    yield* stage.pause(2 * SAVING);
    const answers = stage.hold(meant("appendEntriesReply", { from: majority, to: leader }));
    yield* stage.pause(SAVING);
    answers.end();
    const clients = readersFirst(stage, asked);
    const readers = clients.slice(0, Math.ceil(clients.length / 2));
    const writers = clients.slice(readers.length);
    yield* stage.cut([...minority, ...readers], [...majority, ...writers]);
    const deposed = () => stage.raft(leader)?.role !== "leader";
    const successor = () => majority.find((id) => id === stage.leader());
    yield* feed(stage, answers, () => deposed() || successor() !== undefined);
    const reads = stage.watch(
      meant("clerkRequest", { to: leader }, ({ operation }) => operation.kind === "get"),
    );
    yield* feed(stage, answers, () => deposed() || reads.count >= readers.length * 2);
  },
};
