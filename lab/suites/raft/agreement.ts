/** Part 3B, the first half: what a majority has is committed at the index that its leader gave it, and nothing else. */

import type { NodeId } from "../../../src/base/index.ts";
import { encodedSize } from "../../../src/codec/index.ts";
import { fail } from "../suite.ts";
import { ELECTION, type RaftLab } from "./lab.ts";
import { commandCodec } from "./server.ts";
import { raftSuite } from "./suite.ts";

function expectIndex(actual: number, expected: number): void {
  if (actual !== expected) fail(`the command has index ${actual}, expected ${expected}`);
}

export const basicAgree = raftSuite("BasicAgree3B", { servers: 3 }, (lab) => {
  for (let index = 1; index <= 3; index++) {
    const { count } = lab.nCommitted(index);
    if (count > 0) fail(`${count} servers committed index ${index} before its command was started`);
    expectIndex(lab.one(lab.command(), 3, false), index);
  }
});

/**
 * The Go labs allow a copy of each command for every server, and one more: 3 x 50,000 + 50,000 bytes. That lets a
 * leader send everything twice to its two followers. Here each command may cross the network once per follower, as
 * long as our codec makes it; around that, each RPC may have 64 bytes of envelope and reply, twice what it needs.
 */
const RPC_OVERHEAD = 64;

export const rpcBytes = raftSuite("RPCBytes3B", { servers: 3 }, (lab) => {
  lab.one(lab.command(), 3, false);
  const [bytesBefore, rpcsBefore] = [lab.bytesTotal, lab.rpcTotal];

  let commands = 0;
  for (let index = 2; index <= 11; index++) {
    const command = lab.text(5000);
    expectIndex(lab.one(command, 3, false), index);
    commands += encodedSize(commandCodec, command);
  }

  const bytes = lab.bytesTotal - bytesBefore;
  const limit = 2 * commands + (lab.rpcTotal - rpcsBefore) * RPC_OVERHEAD;
  if (bytes > limit) fail(`${bytes} bytes for ${commands} bytes of commands, at most ${limit} are needed`);
});

export const followerFailure = raftSuite("FollowerFailure3B", { servers: 3 }, (lab) => {
  lab.one(lab.command(), 3, false);

  // Two of three are a majority.
  const leader1 = lab.checkOneLeader();
  lab.disconnect(lab.after(leader1, 1));
  lab.one(lab.command(), 2, false);
  lab.sleep(ELECTION);
  lab.one(lab.command(), 2, false);

  // One is not.
  const leader2 = lab.checkOneLeader();
  lab.disconnect(lab.after(leader2, 1), lab.after(leader2, 2));
  const { index } = lab.mustStart(leader2, lab.command());
  expectIndex(index, 4);
  lab.sleep(2 * ELECTION);
  lab.checkNotCommitted(index);
});

export const leaderFailure = raftSuite("LeaderFailure3B", { servers: 3 }, (lab) => {
  lab.one(lab.command(), 3, false);

  lab.disconnect(lab.checkOneLeader());
  lab.one(lab.command(), 2, false);
  lab.sleep(ELECTION);
  lab.one(lab.command(), 2, false);

  // The second leader goes too: whoever still takes a command cannot commit it.
  lab.disconnect(lab.checkOneLeader());
  for (const id of lab.serverIds) lab.start(id, lab.command());
  lab.sleep(2 * ELECTION);
  lab.checkNotCommitted(4);
});

export const failAgree = raftSuite("FailAgree3B", { servers: 3 }, (lab) => {
  lab.one(lab.command(), 3, false);

  const follower = lab.after(lab.checkOneLeader(), 1);
  lab.disconnect(follower);
  lab.one(lab.command(), 2, false);
  lab.one(lab.command(), 2, false);
  lab.sleep(ELECTION);
  lab.one(lab.command(), 2, false);
  lab.one(lab.command(), 2, false);

  // It comes back, perhaps with a term of its own, and gets all that it missed.
  lab.connect(follower);
  lab.one(lab.command(), 3, true);
  lab.sleep(ELECTION);
  lab.one(lab.command(), 3, true);
});

export const failNoAgree = raftSuite("FailNoAgree3B", { servers: 5 }, (lab) => {
  lab.one(lab.command(), 5, false);

  const leader1 = lab.checkOneLeader();
  const cutOff = [lab.after(leader1, 1), lab.after(leader1, 2), lab.after(leader1, 3)];
  lab.disconnect(...cutOff);
  const { index } = lab.mustStart(leader1, lab.command());
  expectIndex(index, 2);
  lab.sleep(2 * ELECTION);
  lab.checkNotCommitted(index);

  // If the three elected their own leader, it never heard of index 2 and fills it with something else.
  lab.connect(...cutOff);
  const leader2 = lab.checkOneLeader();
  const second = lab.mustStart(leader2, lab.command());
  if (second.index < 2 || second.index > 3) fail(`the command has index ${second.index}, expected 2 or 3`);
  lab.one(lab.command(), 5, true);
});

/** Leaders may change under a test that counts. The Go labs then try again, this often in all, 3 s apart. */
export const TRIES = 5;
export const BETWEEN_TRIES = 3 * ELECTION;

export const concurrentStarts = raftSuite("ConcurrentStarts3B", { servers: 3 }, (lab) => {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    if (attempt > 0) lab.sleep(BETWEEN_TRIES);
    if (startsConcurrently(lab, lab.checkOneLeader())) return;
  }
  fail("the term changed too often");
});

/** Five at a time in one term, each of which must be committed. False if the term did not last. */
function startsConcurrently(lab: RaftLab, leader: NodeId): boolean {
  const first = lab.start(leader, lab.command());
  if (first === null) return false;

  const taken = new Map<number, number>();
  const commands = [lab.command(), lab.command(), lab.command(), lab.command(), lab.command()];
  const tasks = commands.map((command) =>
    lab.spawn(
      (function* () {
        // Not all in one instant, or nothing would happen between them.
        yield lab.random.below(1000);
        const started = lab.start(leader, command);
        if (started?.term === first.term) taken.set(command, started.index);
      })(),
    ),
  );
  lab.join(tasks);
  if (lab.serverIds.some((id) => lab.raft(id)!.currentTerm !== first.term)) return false;

  if (taken.size < 5) fail(`the leader took ${taken.size} of 5 commands in term ${first.term}`);
  for (const [command, index] of taken) {
    const found = lab.wait(index, 3, first.term);
    if (found === null) return false;
    if (found !== command) fail(`index ${index} was given to ${command} and holds ${found}`);
  }
  return true;
}
