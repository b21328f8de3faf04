/**
 * Changes of the membership, drawn: who shall join, leave or take whose place, and what else goes wrong just then. They
 * have a stream of their own, so a run without them has the faults that it always had.
 */

import { type Duration, type Instant, MILLISECOND, type NodeId, type Random } from "../../src/base/index.ts";
import type { Fault, FaultClass, Target, TimedFault } from "./fault.ts";

export interface MembershipOptions {
  readonly members: readonly NodeId[];
  /** The members, and those who may become some. */
  readonly servers: readonly NodeId[];
  readonly duration: Duration;
  readonly classes: readonly FaultClass[];
}

type Change = Fault & { readonly kind: "membership" };

/** The cluster may have elected its first leader by then. */
const START = 250 * MILLISECOND;

/** Milliseconds from one change to the next: some come while another is under way. */
const GAP = [20, 900] as const;

/** Changes, of 1000, that are asked for when the next leader takes office, before it has committed anything. */
const AT_ELECTION = 300;

/** Changes, of 1000, with a crash or a cut in one of their phases, which last from milliseconds to a second. */
const COMPANY = 600;
const PHASES = [
  [-5, 0],
  [0, 4],
  [4, 25],
  [25, 250],
] as const;

/**
 * Of 1000 changes, those that a rival answers with one of its own: mostly where the members are even in number, because
 * majorities of one more and of one less can then do without each other.
 */
const RIVALS = { even: 400, odd: 80 } as const;

/** How long a change waits for an election. */
const PATIENCE = 1500 * MILLISECOND;

export function drawChanges(random: Random, options: MembershipOptions): readonly TimedFault[] {
  const drawn: TimedFault[] = [];
  let members = options.members;
  for (let at: Instant = START; at < options.duration; at += random.between(...GAP) * MILLISECOND) {
    const fault = drawChange(random, members, options.servers);
    const rivals =
      options.classes.includes("partition") &&
      random.chance(RIVALS[members.length % 2 === 0 ? "even" : "odd"]);
    if (rivals) drawn.push(...drawRivals(random, at, members, options.servers));
    else drawn.push(...drawOne(random, at, fault, options));
    if (!rivals) members = after(members, fault);
  }
  const inTime = drawn.filter(({ at }) => at < options.duration);
  return inTime.map((fault) => ({ ...fault, until: Math.min(fault.until, options.duration) }));
}

function drawOne(
  random: Random,
  at: Instant,
  fault: Change,
  options: MembershipOptions,
): readonly TimedFault[] {
  const isLate = random.chance(AT_ELECTION);
  const change: TimedFault = isLate
    ? { at, until: at + PATIENCE, fault, on: "election" }
    : { at, until: at + MILLISECOND, fault };
  return [change, ...drawCompany(random, at, fault, options)];
}

/** As if all before had come about: what names a member to join, or a stranger to leave, is left out when it strikes. */
function drawChange(random: Random, members: readonly NodeId[], servers: readonly NodeId[]): Change {
  const spares = random.shuffle(servers.filter((id) => !members.includes(id)));
  const joining = spares.slice(0, random.chance(250) ? 2 : 1);
  const leaves = members.length > 1 && (spares.length === 0 || random.chance(650));
  const joins = !leaves || random.chance(members.length <= 2 ? 900 : 500);
  const first: Target = random.chance(400) ? { kind: "leader" } : { kind: "node", id: random.pick(members) };
  // Of three members who change two, the old majority and the new one may have nobody in common.
  const leaving = random.chance(250) ? [first, nodeOf(random.pick(members))] : [first];
  return { kind: "membership", add: joins ? joining : [], remove: leaves ? leaving : [] };
}

function nodeOf(id: NodeId): Target {
  return { kind: "node", id };
}

/** Whoever leads is taken for one of those who stay: which one it will be, nobody knows yet. */
function after(members: readonly NodeId[], { add, remove }: Change): readonly NodeId[] {
  const gone = remove.flatMap((target) => (target.kind === "node" ? [target.id] : []));
  const next = [...members.filter((id) => !gone.includes(id)), ...add.filter((id) => !members.includes(id))];
  // Nobody does what would leave no member.
  return next.length === 0 ? members : next;
}

/** In a phase of the change: while learners catch up, in the joint configuration, before the new one is committed. */
function drawCompany(
  random: Random,
  from: Instant,
  { add }: Change,
  { servers, classes }: MembershipOptions,
): readonly TimedFault[] {
  const kinds = (["crash", "partition"] as const).filter((kind) => classes.includes(kind));
  if (kinds.length === 0 || !random.chance(COMPANY)) return [];
  const [least, most] = random.pick(PHASES);
  const at = Math.max(0, from + random.between(least * 1000, most * 1000));
  const newcomer = add.length > 0 && random.chance(300) ? add[0]! : random.pick(servers);
  const target: Target = random.chance(600) ? { kind: "leader" } : { kind: "node", id: newcomer };
  const until = at + random.between(10, random.chance(500) ? 100 : 900) * MILLISECOND;
  const fault: Fault =
    random.pick(kinds) === "crash"
      ? { kind: "crash", target }
      : { kind: "partition", cut: { kind: "isolate", target, companions: drawSide(random, add, servers) } };
  return [{ at, until, fault }];
}

/**
 * The leader takes in a newcomer and is cut off with it. The others elect another, who begins with a change of its own
 * while half of them go over to the first. So met the two leaders of raft-dev, July 2015.
 */
function drawRivals(
  random: Random,
  at: Instant,
  members: readonly NodeId[],
  servers: readonly NodeId[],
): readonly TimedFault[] {
  const [newcomer, other] = random.shuffle(servers.filter((id) => !members.includes(id)));
  if (newcomer === undefined) return [];
  const turn = at + random.between(400, 900) * MILLISECOND;
  const end = turn + random.between(500, 1200) * MILLISECOND;
  const joins = other !== undefined && random.chance(300);
  const companions = [newcomer];
  const half = random.shuffle(members).slice(0, Math.floor(members.length / 2));
  const loyal = joins ? [...half, other] : half;
  const apart: Fault = {
    kind: "partition",
    cut: { kind: "isolate", target: { kind: "leader" }, companions },
  };
  const regrouped: Fault = {
    kind: "partition",
    cut: { kind: "groups", groups: [loyal, servers.filter((id) => !loyal.includes(id))] },
  };
  const first: Change = { kind: "membership", add: [newcomer], remove: [] };
  const second: Change = joins
    ? { kind: "membership", add: [other], remove: [] }
    : {
        kind: "membership",
        add: [],
        remove: [nodeOf(random.pick(members.filter((id) => !half.includes(id))))],
      };
  return [
    { at, until: turn, fault: apart },
    { at, until: at + MILLISECOND, fault: first },
    { at: at + MILLISECOND, until: end, fault: regrouped, on: "election" },
    { at: at + MILLISECOND, until: turn, fault: second, on: "election" },
  ];
}

/** Nobody, or some: two sides of a changing cluster may both be a majority of something. */
function drawSide(random: Random, add: readonly NodeId[], servers: readonly NodeId[]): readonly NodeId[] {
  if (random.chance(300)) return [];
  return random.chance(400) ? add : servers.filter(() => random.chance(350));
}
