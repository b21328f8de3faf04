/**
 * Part 3C, Figure 8 of the paper: leaders fail right after they took a command, so that entries of many terms lie
 * about on some servers and not on others. Whoever commits an old term's entry by counting copies, loses it here.
 */

import { type Duration, MILLISECOND, type NodeId } from "../../../src/base/index.ts";
import type { RaftLab } from "./lab.ts";
import { raftSuite } from "./suite.ts";

const ROUNDS = 1000;
/** With this many of five away, nothing can be committed; then one comes back now and then. */
const LEAST_UP = 3;

/** Mostly too short for anything to be committed, at times long enough for an election. */
function pause(lab: RaftLab): Duration {
  const { random } = lab;
  return (random.chance(100) ? random.below(500) : random.below(13)) * MILLISECOND;
}

/** A command of its own for each of these. Returns those that took one: they believe to lead. */
function startEverywhere(lab: RaftLab, ids: readonly NodeId[]): readonly NodeId[] {
  return ids.filter((id) => lab.start(id, lab.command()) !== null);
}

export const figure8 = raftSuite("Figure83C", { servers: 5 }, (lab) => {
  const up = () => lab.serverIds.filter((id) => lab.isUp(id));
  lab.one(lab.command(), 1, true);

  for (let round = 0; round < ROUNDS; round++) {
    const leader = startEverywhere(lab, up()).at(-1);
    lab.sleep(pause(lab));
    if (leader !== undefined) lab.crash(leader);
    if (up().length < LEAST_UP) {
      const back = lab.anyServer();
      if (!lab.isUp(back)) lab.restart(back);
    }
  }

  lab.restart(...lab.serverIds.filter((id) => !lab.isUp(id)));
  lab.one(lab.command(), 5, true);
});

export const figure8Unreliable = raftSuite("Figure8Unreliable3C", { servers: 5, unreliable: true }, (lab) => {
  const connected = () => lab.serverIds.filter((id) => lab.isConnected(id));
  lab.one(lab.command(), 1, true);

  for (let round = 0; round < ROUNDS; round++) {
    if (round === 200) lab.setLongReordering(true);
    // Also leaders whose plug was pulled take it, as they know no better.
    const leader = startEverywhere(lab, lab.serverIds).findLast((id) => lab.isConnected(id));
    lab.sleep(pause(lab));
    if (leader !== undefined && lab.random.chance(500)) lab.disconnect(leader);
    if (connected().length < LEAST_UP) lab.connect(lab.anyServer());
  }

  // Ten seconds to sort it all out, on a network that still loses and reorders.
  lab.connect(...lab.serverIds);
  lab.one(lab.command(), 5, true);
});
