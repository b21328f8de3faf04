/** Suites that the Go labs lack: the members change while clerks work, and in every phase of it something breaks. */

import { MILLISECOND, type NodeId } from "../../../src/base/index.ts";
import { get, put } from "../kv/call.ts";
import type { KvLab, KvScript } from "../kv/lab.ts";
import { type KvSuite, kvSuite, onWildNetwork } from "../kv/suite.ts";
import { fail } from "../suite.ts";
import { Operator, PHASES, PHASES_ONE_BY_ONE, type Phase } from "./operator.ts";

const CLERKS = 3;

type Work = (lab: KvLab, operator: Operator, phases: readonly Phase[]) => void;

/** A suite in which three clerks append all the time, and have all that they appended in the end. */
function suitesOf(name: string, servers: number, spares: number, work: Work): readonly KvSuite[] {
  const setup = { servers, spares, clerks: CLERKS + 1, maxRaftState: 1000 };
  const script = (phases: readonly Phase[]) => (lab: KvLab) => {
    const ended = { now: false };
    const clerks = Array.from({ length: CLERKS }, () => lab.clerk());
    const counts = clerks.map(() => ({ done: 0 }));
    const tasks = clerks.map((clerk, i) => lab.spawn(writing(i, clerk, counts[i]!, ended)));
    work(lab, new Operator(lab), phases);
    ended.now = true;
    lab.join(tasks);
    const reader = lab.clerk();
    for (const [i, { done }] of counts.entries()) reader.check(`k${i}`, String(done));
  };
  return [
    kvSuite(name, setup, script(PHASES)),
    kvSuite(`${name} (one at a time)`, { ...setup, singleServerChange: true }, script(PHASES_ONE_BY_ONE)),
  ];
}

/** Writes numbers upwards, and reads each back. */
function* writing(
  i: number,
  clerk: ReturnType<KvLab["clerk"]>,
  count: { done: number },
  ended: { readonly now: boolean },
): KvScript {
  while (!ended.now) {
    yield clerk.begin(put(`k${i}`, String(++count.done)));
    const read = clerk.begin(get(`k${i}`));
    yield read;
    if (read.value !== String(count.done)) fail(`${clerk.id} read ${read.value}, expected ${count.done}`);
    yield 5 * MILLISECOND;
  }
}

/** These without that one. */
const without = (members: readonly NodeId[], gone: NodeId) => members.filter((id) => id !== gone);

const replaceEverybody = suitesOf("ReplaceEverybody", 3, 3, (lab, operator) => {
  const founders = operator.members;
  for (const gone of founders) operator.change([...without(operator.members, gone), operator.spares[0]!]);
  lab.sleep(200 * MILLISECOND);
  lab.crash(...founders);
  lab.sleep(500 * MILLISECOND);
  lab.restart(...founders);
});

const growAndShrink = suitesOf("GrowAndShrink", 1, 4, (lab, operator) => {
  for (const size of [2, 3, 5]) {
    const { members, spares } = operator;
    operator.change([...members, ...spares.slice(0, size - members.length)]);
  }
  // The leader goes each time.
  for (let size = 5; size > 1; size--) operator.change(without(operator.members, operator.leader().id));
  lab.sleep(100 * MILLISECOND);
});

/** In each phase of a change, of which the leader is a part or not, somebody's power fails. */
const crashes = suitesOf("CrashInEveryPhase", 3, 2, (lab, operator, phases) => {
  for (const phase of phases) {
    for (const victim of ["leader", "newcomer", "both"] as const) {
      for (const leaderGoes of [false, true]) {
        const { target, newcomer } = replacement(operator, leaderGoes);
        const { id } = operator.changeUntil(phase, target);
        const victims = { leader: [id], newcomer: [newcomer], both: [id, newcomer] }[victim];
        lab.crash(...victims);
        lab.sleep(lab.random.between(0, 700) * MILLISECOND);
        lab.restart(...victims);
        operator.change(target);
      }
    }
  }
});

/** In each phase the leader is cut off, alone or with the newcomer. */
const partitions = suitesOf("PartitionInEveryPhase", 3, 2, (lab, operator, phases) => {
  for (const phase of phases) {
    for (const together of [false, true]) {
      for (const leaderGoes of [false, true]) {
        const { target, newcomer } = replacement(operator, leaderGoes);
        const { id } = operator.changeUntil(phase, target);
        const side = together ? [id, newcomer] : [id];
        lab.partition(
          side,
          lab.serverIds.filter((each) => !side.includes(each)),
        );
        lab.sleep(lab.random.between(100, 1500) * MILLISECOND);
        lab.connectAll();
        operator.change(target);
      }
    }
  }
});

/** One of the members is replaced: the leader, or somebody else. */
function replacement(operator: Operator, leaderGoes: boolean) {
  const { members, spares } = operator;
  const { id } = operator.leader();
  const gone = leaderGoes ? id : without(members, id)[0]!;
  const newcomer = spares[0]!;
  return { target: [...without(members, gone), newcomer], newcomer };
}

/** Who was removed behind a cut comes back and campaigns: nobody who hears the leader follows it into another term. */
const removedReturn = suitesOf("RemovedReturn", 3, 2, (lab, operator) => {
  for (let round = 0; round < 3; round++) {
    const leader = operator.leader().id;
    const gone = without(operator.members, leader)[0]!;
    lab.partition([gone], without(lab.serverIds, gone));
    operator.change([...without(operator.members, gone), operator.spares.find((id) => id !== gone)!]);
    lab.sleep(1000 * MILLISECOND);
    const { id, currentTerm: term } = operator.leader();
    lab.connectAll();
    lab.sleep(2000 * MILLISECOND);
    const now = operator.leader();
    if (now.id !== id || now.currentTerm !== term)
      fail(`${gone}, which was removed, made ${now.id} lead term ${now.currentTerm} after ${id} in ${term}`);
  }
});

/**
 * raft-dev, July 2015: a leader takes in a fifth server and is cut off with it. The next one is asked to remove a fourth
 * before it has committed anything, and has one follower left; the first leader gets the other.
 */
const rivals = suitesOf("RivalChanges", 4, 1, (lab, operator) => {
  const first = operator.leader();
  operator.until("it has committed something", () => first.refusalOf(lab.serverIds) === null);
  const [spare] = operator.spares as [NodeId];
  const others = without(operator.members, first.id);
  lab.partition([first.id, spare], others);
  lab.cluster.change(first.id, [...operator.members, spare]);
  operator.until("the newcomer counts", () => first.configuration.voters.includes(spare));
  const isSecond = (id: NodeId) => lab.cluster.raft(id)?.role === "leader";
  operator.until("another one leads", () => others.some(isSecond));
  const second = others.find(isSecond)!;
  const [loyal, lost] = without(others, second) as [NodeId, NodeId];
  lab.partition([second, loyal], [first.id, spare, lost]);
  lab.cluster.change(second, [first.id, second, loyal]);
  lab.sleep(2000 * MILLISECOND);
  lab.connectAll();
  operator.change(lab.serverIds);
});

const plain: readonly KvSuite[] = [
  ...replaceEverybody,
  ...growAndShrink,
  ...crashes,
  ...partitions,
  ...removedReturn,
  ...rivals,
];

/** Each by way of joint consensus and one server at a time; and, but where terms or moments count, on a wild network too. */
export const membershipSuites: readonly KvSuite[] = [
  ...plain,
  ...plain.filter((suite) => ![...removedReturn, ...rivals].includes(suite)).map(onWildNetwork),
];
