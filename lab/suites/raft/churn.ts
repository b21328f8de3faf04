/** Part 3C, the rest: many commands at once while the network, the servers or both come and go. */

import { type Duration, MILLISECOND } from "../../../src/base/index.ts";
import type { Script } from "../script.ts";
import { fail } from "../suite.ts";
import { ELECTION, type RaftLab } from "./lab.ts";
import type { Command } from "./server.ts";
import { raftSuite } from "./suite.ts";

export const unreliableAgree = raftSuite("UnreliableAgree3C", { servers: 5, unreliable: true }, (lab) => {
  const concurrently = function* (): Script {
    yield* lab.agree(lab.command(), 1, true);
  };
  const tasks = [];
  for (let round = 1; round < 50; round++) {
    for (let i = 0; i < 4; i++) tasks.push(lab.spawn(concurrently()));
    lab.one(lab.command(), 1, true);
  }
  lab.setReliable(true);
  lab.join(tasks);
  lab.one(lab.command(), 5, true);
});

export const reliableChurn = raftSuite("ReliableChurn3C", { servers: 5 }, churn);
export const unreliableChurn = raftSuite("UnreliableChurn3C", { servers: 5, unreliable: true }, churn);

const CLIENTS = 3;
const SHAKES = 20;
const BETWEEN_SHAKES: Duration = 0.7 * ELECTION;
/** To start a command takes a moment, or whoever is told at once that it was in vain would begin anew for ever. */
const START: Duration = MILLISECOND / 10;
/** How a client looks whether its command was committed: each look is followed by such a pause. */
const LOOKS: readonly Duration[] = [10, 20, 50, 100, 200].map((ms) => ms * MILLISECOND);

function churn(lab: RaftLab): void {
  const seen: Command[] = [];
  let stopped = false;
  const clients = Array.from({ length: CLIENTS }, (_, number) =>
    lab.spawn(churnClient(lab, number, seen, () => stopped)),
  );

  for (let i = 0; i < SHAKES; i++) {
    shake(lab);
    lab.sleep(BETWEEN_SHAKES);
  }

  // All back to normal, still under load; then the load ends.
  lab.sleep(ELECTION);
  lab.setReliable(true);
  for (const id of lab.serverIds) {
    if (lab.isUp(id)) lab.connect(id);
    else lab.restart(id);
  }
  stopped = true;
  lab.join(clients);
  lab.sleep(ELECTION);

  // Whatever a client once saw committed is in the log that everybody ends up with.
  const lastIndex = lab.one(lab.command(), 5, true);
  const log = new Set(Array.from({ length: lastIndex }, (_, i) => lab.wait(i + 1, 5, null)));
  const lost = seen.filter((command) => !log.has(command));
  if (lost.length > 0) fail(`commands were seen committed and are not in the log: ${lost.join(", ")}`);
  // Without this, a cluster that never commits anything would pass.
  if (seen.length === 0) fail("no client saw any of its commands committed");
}

function shake(lab: RaftLab): void {
  if (lab.random.chance(200)) lab.disconnect(lab.anyServer());
  if (lab.random.chance(500)) {
    const id = lab.anyServer();
    if (lab.isUp(id)) lab.connect(id);
    else lab.restart(id);
  }
  if (lab.random.chance(200)) lab.crash(lab.anyServer());
}

/** Starts a command on whoever takes it, and looks a few times whether it was committed. */
function* churnClient(lab: RaftLab, number: number, seen: Command[], stopped: () => boolean): Script {
  while (!stopped()) {
    const command = lab.command();
    let index: number | null = null;
    for (const id of lab.serverIds) index = lab.start(id, command)?.index ?? index;
    yield START;
    if (index === null) yield (79 + 17 * number) * MILLISECOND;
    else {
      for (const pause of LOOKS) {
        const there = lab.nCommitted(index);
        if (there.count > 0) {
          if (there.command === command) seen.push(command);
          break;
        }
        yield pause;
      }
    }
  }
}
