/** Part 3C, the first half: what a majority acknowledged survives the crash of anybody, at any moment. */

import { ELECTION } from "./lab.ts";
import { raftSuite } from "./suite.ts";

export const persist1 = raftSuite("Persist13C", { servers: 3 }, (lab) => {
  lab.one(lab.command(), 3, true);

  // All of them.
  lab.crash(...lab.serverIds);
  lab.restart(...lab.serverIds);
  lab.one(lab.command(), 3, true);

  // The leader.
  const leader1 = lab.checkOneLeader();
  lab.disconnect(leader1);
  lab.restart(leader1);
  lab.one(lab.command(), 3, true);

  // The leader, while the others go on: it gets what it missed.
  const leader2 = lab.checkOneLeader();
  lab.disconnect(leader2);
  lab.one(lab.command(), 2, true);
  lab.restart(leader2);
  lab.wait(4, 3, null);

  // A follower, while the others go on.
  const follower = lab.after(lab.checkOneLeader(), 1);
  lab.disconnect(follower);
  lab.one(lab.command(), 2, true);
  lab.restart(follower);
  lab.one(lab.command(), 3, true);
});

export const persist2 = raftSuite("Persist23C", { servers: 5 }, (lab) => {
  for (let round = 0; round < 5; round++) {
    lab.one(lab.command(), 5, true);
    const leader = lab.checkOneLeader();
    const [a, b, c, d] = [1, 2, 3, 4].map((places) => lab.after(leader, places)) as [
      string,
      string,
      string,
      string,
    ];

    // Three go on without a and b; then those come back and the three are away.
    lab.disconnect(a, b);
    lab.one(lab.command(), 3, true);
    lab.disconnect(leader, c, d);
    lab.restart(a, b);
    lab.sleep(ELECTION);

    // Only c knows what the three agreed on, and it has it from its disk.
    lab.restart(c);
    lab.one(lab.command(), 3, true);
    lab.connect(d, leader);
  }
  lab.one(lab.command(), 5, true);
});

export const persist3 = raftSuite("Persist33C", { servers: 3 }, (lab) => {
  lab.one(lab.command(), 3, true);

  const leader = lab.checkOneLeader();
  const [follower, away] = [lab.after(leader, 1), lab.after(leader, 2)];
  lab.disconnect(away);
  lab.one(lab.command(), 2, true);

  // Of those who know the second command only the leader comes back, to one who never heard of it.
  lab.crash(leader, follower);
  lab.connect(away);
  lab.restart(leader);
  lab.one(lab.command(), 2, true);

  lab.restart(follower);
  lab.one(lab.command(), 3, true);
});
