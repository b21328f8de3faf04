/** Part 4A, what GenericTest does not ask: speed, one key for all, and who can make progress in a partition. */

import { type Duration, SECOND } from "../../../src/base/index.ts";
import { fail } from "../suite.ts";
import { appendProblem, token } from "./appends.ts";
import { append, get, put } from "./call.ts";
import type { LabClerk } from "./clerk.ts";
import type { KvLab, KvScript } from "./lab.ts";
import { kvSuite } from "./suite.ts";

const APPENDS = 1000;
/** The Go labs: three operations in a heartbeat interval of 100 ms. */
const MOST_TIME: Duration = (APPENDS * 100_000) / 3;

/** Who answers only with the next heartbeat is too slow. */
function speed(lab: KvLab): void {
  const alice = lab.clerk();
  alice.get("x");

  const began = lab.now;
  const tokens = Array.from({ length: APPENDS }, (_, number) => token(0, number));
  for (const next of tokens) alice.append("x", next);
  const took = lab.now - began;

  const problem = appendProblem("x", alice.get("x"), tokens);
  if (problem !== null) fail(problem);
  if (took > MOST_TIME) {
    fail(`${APPENDS} appends took ${took / SECOND} s, more than ${(MOST_TIME / SECOND).toFixed(1)}`);
  }
}

export const speed4A = kvSuite("Speed4A", { servers: 3, clerks: 1 }, speed);
export const speed4B = kvSuite("Speed4B", { servers: 3, clerks: 1, maxRaftState: 1000 }, speed);

const WRITERS = 5;
const APPENDS_EACH = 10;

export const unreliableOneKey = kvSuite(
  "UnreliableOneKey4A",
  { servers: 3, clerks: WRITERS + 1, unreliable: true },
  (lab) => {
    const alice = lab.clerk();
    alice.put("k", "");

    const tokens = Array.from({ length: WRITERS }, (_, client) =>
      Array.from({ length: APPENDS_EACH }, (_, number) => token(client, number)),
    );
    lab.join(tokens.map((own) => lab.spawn(appendAll(lab.clerk(), own))));

    const problem = appendProblem("k", alice.get("k"), ...tokens);
    if (problem !== null) fail(problem);
  },
);

function* appendAll(clerk: LabClerk, tokens: readonly string[]): KvScript {
  for (const next of tokens) yield clerk.begin(append("k", next));
}

export const onePartition = kvSuite("OnePartition4A", { servers: 5, clerks: 5 }, (lab) => {
  const alice = lab.clerk();
  alice.put("1", "13");

  // They have their sessions, so that what they ask for later is what waits at the old leader.
  const [carol, dave] = [lab.clerk(), lab.clerk()];
  for (const clerk of [carol, dave]) clerk.check("1", "13");

  const [majority, minority] = lab.sidesWithLeaderInMinority();
  const bob = lab.clerk();
  lab.partition([...majority, bob.id], [...minority, carol.id, dave.id]);
  bob.put("1", "14");
  bob.check("1", "14");

  // In the minority nothing may happen, neither a write nor a read.
  const write = carol.begin(put("1", "15"));
  const read = dave.begin(get("1"));
  lab.sleep(SECOND);
  for (const call of [write, read]) if (call.done) fail(`${call} was answered by a minority`);

  // There, all goes on as before.
  bob.check("1", "14");
  bob.put("1", "16");
  bob.check("1", "16");

  // After the heal, who was stuck gets through.
  lab.connectAll();
  lab.sleep(SECOND);
  lab.answered(write, 3 * SECOND);
  lab.answered(read, 3 * SECOND);
  lab.clerk().check("1", "15");
});
