/** Part 4B, what GenericTest does not ask: a server that catches up by a snapshot, and how large snapshots are. */

import { type Duration, SECOND } from "../../../src/base/index.ts";
import { fail } from "../suite.ts";
import { kvSuite } from "./suite.ts";

/**
 * The Go labs have 1000 bytes here. All that this test puts into the log is less than that in our encoding, so nobody
 * would ever cut a snapshot, and a log may be eight times as long: the limit is restated.
 */
const SMALL_RAFT_STATE = 50;

const small = { servers: 3, clerks: 1, maxRaftState: SMALL_RAFT_STATE };

export const snapshotRpc = kvSuite("SnapshotRPC4B", small, (lab) => {
  const [n1, n2, n3] = lab.serverIds as [string, string, string];
  const alice = lab.clerk();
  alice.put("a", "A");
  alice.check("a", "A");
  alice.leave();

  // Two go on without the third, and forget what it would need to catch up.
  lab.partition([n1, n2], [n3]);
  const bob = lab.clerk([n1, n2]);
  for (let i = 0; i < 50; i++) bob.put(String(i), String(i));
  lab.sleep(SECOND);
  bob.put("b", "B");
  lab.checkSizes();
  bob.leave();
  for (const id of [n1, n2]) {
    const forgotten = lab.disk(id).snapshot?.index ?? 0;
    if (forgotten <= lab.disk(n3).log.lastIndex) fail(`${id} could do without a snapshot for ${n3}`);
  }

  // The third is needed now: it gets a snapshot, or nothing moves.
  lab.partition([n1, n3], [n2]);
  const carol = lab.clerk([n1, n3]);
  carol.put("c", "C");
  carol.put("d", "D");
  carol.check("a", "A");
  carol.check("b", "B");
  carol.check("1", "1");
  carol.check("49", "49");
  carol.leave();

  lab.connectAll();
  const dave = lab.clerk();
  dave.put("e", "E");
  dave.check("c", "C");
  dave.check("e", "E");
  dave.check("1", "1");
});

const REPETITIONS = 200;
/** Here, too, they have 1000: all that these put into the log is less than eight times as much. */
const HALF_RAFT_STATE = 500;
const MOST_SNAPSHOT = 500;
/** The handout's. */
const MOST_TIME: Duration = 20 * SECOND;

export const snapshotSize = kvSuite(
  "SnapshotSize4B",
  { servers: 3, clerks: 1, maxRaftState: HALF_RAFT_STATE },
  (lab) => {
    const alice = lab.clerk();
    for (let i = 0; i < REPETITIONS; i++) {
      alice.put("x", "0");
      alice.check("x", "0");
      alice.put("x", "1");
      alice.check("x", "1");
    }
    lab.checkSizes();
    if (lab.snapshotSize > MOST_SNAPSHOT) {
      fail(`the snapshot of one key has ${lab.snapshotSize} bytes, more than ${MOST_SNAPSHOT}`);
    }
    if (lab.now > MOST_TIME) fail(`it took ${lab.now / SECOND} s, more than ${MOST_TIME / SECOND}`);
  },
);
