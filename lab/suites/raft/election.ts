/** Part 3A: leaders are elected, and only by majorities. */

import { MILLISECOND } from "../../../src/base/index.ts";
import { fail } from "../suite.ts";
import { ELECTION } from "./lab.ts";
import { raftSuite } from "./suite.ts";

export const initialElection = raftSuite("InitialElection3A", { servers: 3 }, (lab) => {
  lab.checkOneLeader();

  // Whoever voted for the leader needs a moment to hear that it won.
  lab.sleep(50 * MILLISECOND);
  const term = lab.checkTerms();
  if (term < 1) fail(`the term is ${term}, but an election begins with term 1`);

  lab.sleep(2 * ELECTION);
  const later = lab.checkTerms();
  // The Go labs only warn. Here nothing else keeps the machine busy, so a change without a failure is a mistake.
  if (later !== term) fail(`the term went from ${term} to ${later} although nothing had failed`);
  lab.checkOneLeader();
});

export const reElection = raftSuite("ReElection3A", { servers: 3 }, (lab) => {
  const leader1 = lab.checkOneLeader();

  lab.disconnect(leader1);
  lab.checkOneLeader();

  // The old leader comes back, and must not disturb the new one.
  lab.connect(leader1);
  const leader2 = lab.checkOneLeader();

  // One of three cannot elect anybody.
  const other = lab.after(leader2, 1);
  lab.disconnect(leader2, other);
  lab.sleep(2 * ELECTION);
  lab.checkNoLeader();

  // Two can, and the third does not change that.
  lab.connect(other);
  lab.checkOneLeader();
  lab.connect(leader2);
  lab.checkOneLeader();
});

export const manyElections = raftSuite("ManyElections3A", { servers: 7 }, (lab) => {
  lab.checkOneLeader();
  for (let round = 0; round < 9; round++) {
    // Up to three of seven: the leader is among them or not, and a majority is left.
    const cutOff = [lab.anyServer(), lab.anyServer(), lab.anyServer()];
    lab.disconnect(...cutOff);
    lab.checkOneLeader();
    lab.connect(...cutOff);
  }
  lab.checkOneLeader();
});
