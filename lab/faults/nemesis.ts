/** The nemesis decides, from a seed and before the run begins, what goes wrong when. It applies nothing itself. */

import { type Duration, type Instant, MILLISECOND, type NodeId, type Random } from "../../src/base/index.ts";
import { drawCompanions } from "./companions.ts";
import type { Fault, FaultClass, TimedFault } from "./fault.ts";
import { makeSchedule, type Schedule } from "./schedule.ts";
import { canBesiege, drawSiege } from "./siege.ts";
import { drawFault, drawLength, type Surroundings } from "./strike.ts";

export interface NemesisOptions extends Surroundings {
  /** All is healed by then. */
  readonly duration: Duration;
  /** What it may do. */
  readonly classes: readonly FaultClass[];
  /** Between faults the network loses and delays nothing: what is connected must work, and a siege tells most. */
  readonly steady: boolean;
}

/** How often each class is drawn, of their sum: the ones that break Raft more often. */
const SHARE: Readonly<Record<FaultClass, number>> = {
  partition: 4,
  crash: 4,
  pause: 2,
  clock: 3,
  fsync: 2,
  rot: 3,
  loss: 1,
  delay: 1,
  duplication: 1,
  reordering: 1,
};

/** The cluster has this long to elect its first leader, unless the whole run is short. */
const QUIET_START: Duration = 400 * MILLISECOND;

/** Milliseconds from one fault to the next. They overlap, but most of the time a majority can work. */
const GAP = [50, 850] as const;

/** Schedules, of 1000, that are sieges where one may be. */
const SIEGES = 600;

/** So many classes can each strike once in a default run; of more, one follows on the other faster. */
const ROOM = 7;

/** Before a siege: milliseconds that a fault lasts, and from one to the next. */
const SKIRMISH = [50, 300] as const;
const STORM = [300, 500] as const;
const GAP_OF_SKIRMISH = [20, 80] as const;

/** After these faults a leader may be elected, to whom the siege can then be laid. */
const BREATHER: Duration = 500 * MILLISECOND;

/** Of a server whose log has rotted only a leader can make a voter again, and the siege may need its vote. */
const REPAIR: Duration = 1500 * MILLISECOND;

export function drawSchedule(random: Random, options: NemesisOptions): Schedule {
  const { duration, classes, steady } = options;
  if (classes.length === 0) return makeSchedule([]);
  const besieges = steady && canBesiege(options) && random.chance(SIEGES);
  const faults = besieges ? drawSkirmishAndSiege(random, options) : drawStrikes(random, options);
  const inTime = faults.filter((fault) => fault.at < duration);
  return makeSchedule(inTime.map((fault) => ({ ...fault, until: Math.min(fault.until, duration) })));
}

/** Faults that come and go, until the end. */
function drawStrikes(random: Random, options: NemesisOptions): readonly TimedFault[] {
  const { servers, duration, classes } = options;
  const faults: TimedFault[] = [];
  // Each class once, before any of them twice: a fault class that never struck was not tested.
  let bag: FaultClass[] = random.shuffle(classes);
  let isFirstOfItsClass = true;
  let at: Instant = firstStrike(duration);
  while (at < duration) {
    if (bag.length === 0) {
      bag = random.shuffle(classes.flatMap((kind) => Array(SHARE[kind]).fill(kind)));
      isFirstOfItsClass = false;
    }
    const kind = bag.pop()!;
    const drawn = drawFault(random, kind, options);
    // Whoever leads may be down just then; some server is always there to be paused.
    const isSure = isFirstOfItsClass && (kind === "pause" || kind === "clock");
    const fault = isSure ? onNode(drawn, () => random.pick(servers)) : drawn;
    const strike: TimedFault = { at, until: at + drawLength(random, fault, options), fault };
    faults.push(strike, ...drawCompanions(random, strike, options));
    at += Math.floor((random.between(...GAP) * MILLISECOND * ROOM) / Math.max(ROOM, classes.length));
  }
  return faults;
}

/** Each class once, in quick succession, and then a siege until the end. */
function drawSkirmishAndSiege(random: Random, options: NemesisOptions): readonly TimedFault[] {
  const { servers, duration, classes } = options;
  let at = firstStrike(duration);
  // One node each, and not the leader: with one fault on the heels of the other there may be none.
  const victims = random.shuffle(servers);
  const skirmish = random.shuffle(classes).map((kind): TimedFault => {
    const fault = onNode(drawFault(random, kind, options), () => victims.pop()!);
    const [least, most] = isStorm(fault) ? STORM : SKIRMISH;
    const strike = { at, until: at + random.between(least, most) * MILLISECOND, fault };
    at += random.between(...GAP_OF_SKIRMISH) * MILLISECOND;
    return strike;
  });
  return [...skirmish, ...drawSiege(random, at + (classes.includes("rot") ? REPAIR : BREATHER), options)];
}

/** The same of a certain node. */
function onNode(fault: Fault, victim: () => NodeId): Fault {
  if (fault.kind !== "crash" && fault.kind !== "pause" && fault.kind !== "clock") return fault;
  return { ...fault, target: { kind: "node", id: victim() } };
}

/** These wait for messages or writes, of which there may be few while nobody leads; the others strike at once. */
function isStorm({ kind }: Fault): boolean {
  return !["partition", "crash", "pause", "clock", "rot"].includes(kind);
}

function firstStrike(duration: Duration): Instant {
  return Math.min(QUIET_START, Math.floor(duration / 4));
}
