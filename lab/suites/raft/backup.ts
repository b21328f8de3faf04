/** Part 3B, the second half: servers that were away catch up, quickly, and without a word more than is needed. */

import type { NodeId } from "../../../src/base/index.ts";
import { fail } from "../suite.ts";
import { BETWEEN_TRIES, TRIES } from "./agreement.ts";
import type { Started } from "./cluster.ts";
import { ELECTION, type RaftLab } from "./lab.ts";
import { raftSuite } from "./suite.ts";

export const rejoin = raftSuite("Rejoin3B", { servers: 3 }, (lab) => {
  lab.one(lab.command(), 3, true);

  // A leader alone collects entries that will never be committed, while the others agree on something else.
  const leader1 = lab.checkOneLeader();
  lab.disconnect(leader1);
  for (let i = 0; i < 3; i++) lab.start(leader1, lab.command());
  lab.one(lab.command(), 2, true);

  // The next leader is cut off in turn, and the first must throw its own entries away.
  const leader2 = lab.checkOneLeader();
  lab.disconnect(leader2);
  lab.connect(leader1);
  lab.one(lab.command(), 2, true);

  lab.connect(leader2);
  lab.one(lab.command(), 3, true);
});

const MANY = 50;

export const backup = raftSuite("Backup3B", { servers: 5 }, (lab) => {
  const startMany = (leader: NodeId) => {
    for (let i = 0; i < MANY; i++) lab.start(leader, lab.command());
  };
  const agreeOnMany = () => {
    for (let i = 0; i < MANY; i++) lab.one(lab.command(), 3, true);
  };
  lab.one(lab.command(), 5, true);

  // A leader with one follower: 50 entries that will never be committed.
  const leader1 = lab.checkOneLeader();
  const pair = [leader1, lab.after(leader1, 1)];
  const trio = [lab.after(leader1, 2), lab.after(leader1, 3), lab.after(leader1, 4)];
  lab.disconnect(...trio);
  startMany(leader1);
  lab.sleep(ELECTION / 2);

  // The other three instead: 50 that are.
  lab.disconnect(...pair);
  lab.connect(...trio);
  agreeOnMany();

  // Their leader with one of them: another 50 that will never be.
  const leader2 = lab.checkOneLeader();
  const away = trio[0] === leader2 ? lab.after(leader2, 1) : trio[0]!;
  lab.disconnect(away);
  startMany(leader2);
  lab.sleep(ELECTION / 2);

  // The first pair and the one that was away: the pair's logs must go back by 50 entries.
  lab.disconnect(...lab.serverIds);
  lab.connect(...pair, away);
  agreeOnMany();

  lab.connect(...lab.serverIds);
  lab.one(lab.command(), 5, true);
  // The Go labs leave it to the 10 s of each agreement; here a round trip takes no time, so it is counted.
  if (lab.refusals >= MANY) fail(`${lab.refusals} refusals to go back by ${MANY} entries: one at a time?`);
});

const COUNTED = 10;
/** The Go labs' limits, in RPCs that servers handled; three servers make three for each round of a leader. */
const MOST = { election: 30, agreement: (COUNTED + 1 + 3) * 3, idle: 3 * 20 };

export const count = raftSuite("Count3B", { servers: 3 }, (lab) => {
  lab.checkOneLeader();
  if (lab.handled < 1 || lab.handled > MOST.election) {
    fail(`the first election took ${lab.handled} RPCs, expected 1 to ${MOST.election}`);
  }

  for (let attempt = 0; ; attempt++) {
    if (attempt === TRIES) fail("the term changed too often");
    if (attempt > 0) lab.sleep(BETWEEN_TRIES);
    const leader = lab.checkOneLeader();
    const before = lab.handled;
    const term = agreeInOneTerm(lab, leader);
    if (term === null || lab.serverIds.some((id) => lab.raft(id)!.currentTerm !== term)) continue;
    const rpcs = lab.handled - before;
    if (rpcs > MOST.agreement) fail(`${COUNTED} commands took ${rpcs} RPCs, more than ${MOST.agreement}`);
    break;
  }

  const before = lab.handled;
  lab.sleep(ELECTION);
  const idle = lab.handled - before;
  if (idle > MOST.idle) fail(`a second without commands took ${idle} RPCs, more than ${MOST.idle}`);
});

/** Starts commands one upon another and waits for all. Returns the term in which it was done; null if it ended. */
function agreeInOneTerm(lab: RaftLab, leader: NodeId): number | null {
  const first = lab.start(leader, lab.command());
  if (first === null) return null;
  const started: [number, Started][] = [];
  for (let i = 1; i <= COUNTED; i++) {
    const command = lab.command();
    const at = lab.start(leader, command);
    if (at === null || at.term !== first.term) return null;
    if (at.index !== first.index + i) fail(`the command has index ${at.index}, expected ${first.index + i}`);
    started.push([command, at]);
  }
  for (const [command, { index }] of started) {
    const found = lab.wait(index, 3, first.term);
    if (found === null) return null;
    if (found !== command) fail(`index ${index} was given to ${command} and holds ${found}`);
  }
  return first.term;
}
