/**
 * How long a connected majority may take to get something done: the availability bound. It is calculated from how the
 * servers are set up and how the network behaves, so that a correct cluster misses it in less than one situation of
 * 10^9, and it is null where nothing can be promised.
 */

import { type Duration, MILLISECOND } from "../../src/base/index.ts";
import type { Settings } from "../cluster/index.ts";
import { type Conditions, type DiskTiming, HOP, HOP_JITTER, LABRPC, REORDER_SPREAD } from "../sim/index.ts";

export interface Circumstances {
  readonly settings: Pick<Settings, "timing" | "limits">;
  /** The slowest disk's. */
  readonly disk: DiskTiming;
  readonly conditions: Conditions;
  /** All members of the cluster. */
  readonly servers: number;
  /** How many of them are connected. */
  readonly connected: number;
  /** How long a clerk waits for one server. */
  readonly attemptTimeout: Duration;
  /** How many entries the slowest of the connected lacks, and how many bytes of a snapshot. */
  readonly lag: { readonly entries: number; readonly bytes: number };
}

/** The chance that a correct cluster takes longer, in one situation. */
const TAIL = 1e-9;

/** Where elections fail so often that this many in a row must be granted, nothing is promised. */
const MOST_ROUNDS = 200;

/** A clerk that has asked everybody in vain pauses at most this long. */
const LONGEST_PAUSE: Duration = 240 * MILLISECOND;

/**
 * From the beginning of a situation, or from the latest progress in it: either a leader is in office and stays there,
 * and then a clerk finds it; or one is elected, and then it commits the entry that its term begins with. Where
 * messages are lost the one may follow on the other, for any leader can be deposed by mistake.
 */
export function availabilityBound(circumstances: Circumstances): Duration | null {
  const { settings, conditions } = circumstances;
  const { electionTimeout, heartbeatInterval } = settings.timing;
  // Section 5.6: broadcast time must lie well below the election timeout, or there is no steady leader.
  if (2 * roundTrip(circumstances) > electionTimeout) return null;
  const rounds = attemptsFor(electionFailure(circumstances));
  const asking = attemptsFor(1 - chanceOf(messageLoss(conditions), 2));
  if (rounds === null || asking === null) return null;
  // A leader that hears nobody notices it at a heartbeat, after two timeouts. Who heard it waits from its last message.
  const predecessor = 2 * electionTimeout + heartbeatInterval;
  const election = predecessor + rounds * 2 * electionTimeout;
  const answer = roundUnderWay(circumstances) + asking * clerkRound(circumstances);
  const steady = messageLoss(conditions) === 0;
  const stale = REORDER_SPREAD + conditions.extraDelay;
  return Math.ceil(
    (steady ? Math.max(election, answer) : election + answer) + catchUp(circumstances) + stale,
  );
}

/** The longest way of a message between two servers that are connected. */
function hop({ reliable, extraDelay }: Conditions): Duration {
  const labrpcDelay = reliable ? 0 : LABRPC.shortDelays * MILLISECOND;
  return HOP + HOP_JITTER + labrpcDelay + extraDelay;
}

/** The longest that a write takes: it waits for one that is under way, and each may take twice its time. */
function writing({ disk }: Circumstances): Duration {
  return 4 * (disk.fsync + disk.write);
}

function roundTrip(circumstances: Circumstances): Duration {
  return 2 * hop(circumstances.conditions) + writing(circumstances);
}

/** The chance that a message does not arrive, or so late that it comes to the same. */
function messageLoss({ reliable, loss, reordering }: Conditions): number {
  return 1 - (1 - (reliable ? 0 : LABRPC.lossPermille / 1000)) * (1 - loss / 1000) * (1 - reordering / 1000);
}

/** The chance that `count` messages all arrive. */
function chanceOf(loss: number, count: number): number {
  let chance = 1;
  for (let i = 0; i < count; i++) chance *= 1 - loss;
  return chance;
}

/** Two time out before either has heard of the other, or a message that the candidate needs is lost. */
function electionFailure(circumstances: Circumstances): number {
  const { settings, conditions, servers, connected } = circumstances;
  // Asked for a pre-vote, answered, the own vote written, asked for a vote.
  const unheard = roundTrip(circumstances) + writing(circumstances) + hop(conditions);
  const split = Math.min(1, ((connected - 1) * unheard) / settings.timing.electionTimeout);
  // A pre-vote and a vote of each that the candidate needs beside itself, asked for and given.
  return 1 - (1 - split) * chanceOf(messageLoss(conditions), 4 * Math.floor(servers / 2));
}

/** How often must be tried what fails this often, for all to fail with a chance below TAIL; null if too often. */
function attemptsFor(failure: number): number | null {
  let attempts = 1;
  for (let chance = failure; chance > TAIL; chance *= failure) if (++attempts > MOST_ROUNDS) return null;
  return attempts;
}

/** A clerk asks one server after the other. Only who is not connected is silent, unless messages are lost. */
function silence({ conditions, servers, connected, attemptTimeout }: Circumstances): Duration {
  const silent = messageLoss(conditions) === 0 ? servers - connected : servers;
  return silent * attemptTimeout;
}

/** Whoever is connected tells who leads. */
function clerkRound(circumstances: Circumstances): Duration {
  return silence(circumstances) + LONGEST_PAUSE;
}

/** It may have passed by the leader before that took office; and where nobody knew one, a pause followed each refusal. */
function roundUnderWay(circumstances: Circumstances): Duration {
  return silence(circumstances) + circumstances.connected * LONGEST_PAUSE;
}

/** A bare majority commits nothing before the slowest of them has what the others have, message by message. */
export function catchUp(circumstances: Circumstances): Duration {
  const { settings, conditions, lag } = circumstances;
  const { maxBatch, chunk } = settings.limits;
  const messages = Math.ceil(lag.entries / maxBatch) + Math.ceil(lag.bytes / chunk);
  // Where losses are silent, the next heartbeat notices them.
  const repeat = messageLoss(conditions) === 0 ? 0 : settings.timing.heartbeatInterval;
  return messages * (roundTrip(circumstances) + repeat);
}
