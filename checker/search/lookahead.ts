/**
 * What a configuration's future can still see, asked of the model's traits. Every answer here may err on one side
 * only: to give up looking is to prune nothing.
 */
import { BLANK, type Lens, OBSERVES, OVERWRITES, REFUSES, UPDATES } from "./lens.ts";
import type { Subhistory } from "./subhistory.ts";

/** Where the search is, as far as a look ahead needs to know; see Configuration. */
interface Standpoint {
  readonly subhistory: Subhistory;
  readonly lens: Lens;
  readonly at: number;
  readonly state: number;
  isInFlight(operation: number): boolean;
  has(operation: number): boolean;
  isAbsorbed(operation: number): boolean;
}

/** How many of the next observers `isDoomed` asks about: more cost more than they save. */
const OBSERVERS_AHEAD = 4;

/** How many operations a look asks about before it gives up. */
const MOST_ASKED = 64;

/**
 * Whether one of the next observers can never get its answer: not from this state, and every operation that could
 * revive it is linearized already or is called too late.
 */
export function isDoomed(here: Standpoint): boolean {
  if (!here.lens.hasPromises) return false;
  const { returns, returning, nextDemand, isExact } = here.subhistory;
  if (isExact) return isDoomedExactly(here);
  let next = nextDemand[here.at]!;
  for (let asked = 0; asked < OBSERVERS_AHEAD && next < returns; next = nextDemand[next + 1]!) {
    const observer = returning[next]!;
    if (here.isInFlight(observer) && here.has(observer)) continue;
    asked++;
    if (is(here, observer, REFUSES) || canSee(here, here.state, observer)) continue;
    if (!isRevivable(here, next)) return true;
  }
  return false;
}

/**
 * Whether an observer can get its answer in no order at all: the first state does not serve it, and nothing that was
 * called before its return revives it. That decides against the whole history, wherever the search is.
 */
export function isHopeless(start: Standpoint): boolean {
  if (!start.lens.hasPromises) return false;
  const { returns, returning, nextDemand, calledBefore, pastReviver, isExact, demand } = start.subhistory;
  if (isExact) return demand.isHopeless;
  for (let next = nextDemand[0]!; next < returns; next = nextDemand[next + 1]!) {
    const observer = returning[next]!;
    if (is(start, observer, REFUSES) || canSee(start, start.state, observer)) continue;
    // Whoever wrote what is seen did so not long before, mostly.
    let asked = 0;
    let writer = pastReviver[calledBefore[next]!]!;
    while (writer >= 0 && asked < MOST_ASKED && !revives(start, writer, observer)) {
      asked++;
      writer = pastReviver[writer]!;
    }
    if (writer < 0) return true;
  }
  return false;
}

/**
 * Whether nobody will see this state or one that grows out of it: every observer that can come before the next
 * overwrite is one that does not see it. An overwrite that is neither linearized nor absorbed is a limit: who is
 * called after its return cannot come before it.
 *
 * Asked of the present state, or (`taken`) of the state after one more operation, which is an update or overwrite.
 * Of that one's result nobody must see what follows even if other updates come first, so what refuses counts as an
 * observer that sees every state after an update; and an overwrite absorbs what is in flight, so that is no limit.
 */
export function isBlank(here: Standpoint, state: number, taken: number | null): boolean {
  if (!here.lens.hasPromises) return false;
  const { returns, returning, nextDemand, flight, flightStart } = here.subhistory;
  if (here.subhistory.isExact) return isBlankExactly(here, state, taken);
  const refusalsSee = taken !== null && is(here, taken, UPDATES);
  // The likeliest observer first: most states are seen by it.
  const first = nextDemand[here.at]!;
  if (first < returns && isOpenTo(here, state, returning[first]!, refusalsSee)) return false;
  const limit = firstOverwrite(here, taken !== null && is(here, taken, OVERWRITES));
  let asked = 0;
  for (let next = first; next <= limit && next < returns; next = nextDemand[next + 1]!) {
    if (asked++ === MOST_ASKED || isOpenTo(here, state, returning[next]!, refusalsSee)) return false;
  }
  if (limit < returns) {
    for (let i = flightStart[limit]!; i < flightStart[limit + 1]!; i++) {
      const operation = flight[i]!;
      if (is(here, operation, OBSERVES) && isOpenTo(here, state, operation, refusalsSee)) return false;
    }
  }
  return !isSeenByPending(here, state, limit);
}

/**
 * The same where wants are exact, which leaves no updates: nothing grows out of a state. Where the layout ends before
 * an overwrite, there may be more observers.
 */
function isBlankExactly(here: Standpoint, state: number, taken: number | null): boolean {
  const { laid, isWhole, returning, nextDemand, flight, flightStart, demand } = here.subhistory;
  const limit = firstOverwrite(here, taken !== null && is(here, taken, OVERWRITES));
  if (limit === laid && !isWhole) return false;
  let asked = 0;
  for (let next = nextDemand[here.at]!; next <= limit && next < laid; next = nextDemand[next + 1]!) {
    const observer = returning[next]!;
    if (asked++ === MOST_ASKED) return false;
    if (demand.wantedBy[observer] !== state) continue;
    if (!here.isInFlight(observer) || !here.has(observer)) return false;
  }
  if (limit < laid) {
    for (let i = flightStart[limit]!; i < flightStart[limit + 1]!; i++) {
      const operation = flight[i]!;
      if (demand.wantedBy[operation] !== state) continue;
      if (!here.isInFlight(operation) || !here.has(operation)) return false;
    }
  }
  return !isWantedByPending(here, state, limit);
}

/** The same where wants are exact. */
function isDoomedExactly(here: Standpoint): boolean {
  const { laid, returning, nextDemand, calledBefore, demand } = here.subhistory;
  const called = calledBefore[here.at]!;
  let next = nextDemand[here.at]!;
  for (let asked = 0; asked < OBSERVERS_AHEAD && next < laid; next = nextDemand[next + 1]!) {
    asked++;
    // Somebody who was not even called yet may make the state that is wanted.
    if (demand.sourceOf[next]! >= called) continue;
    const observer = returning[next]!;
    if (observer < called && here.has(observer)) continue;
    const wanted = demand.wantedBy[observer]!;
    if (wanted === here.state || is(here, observer, REFUSES)) continue;
    if (!isMakable(here, wanted)) return true;
  }
  return false;
}

/** Whether an operation in flight that is not linearized makes the state. */
function isMakable(here: Standpoint, wanted: number): boolean {
  const { flight, flightStart, calledBefore, demand } = here.subhistory;
  for (let i = flightStart[here.at]!; i < flightStart[here.at + 1]!; i++) {
    if (demand.madeBy[flight[i]!] === wanted && !here.has(flight[i]!)) return true;
  }
  const called = calledBefore[here.at]!;
  const { firstMaking, nextMaking } = demand;
  for (let maker = firstMaking[wanted]!; maker < called; maker = nextMaking[maker]!) {
    if (!here.has(maker)) return true;
  }
  return false;
}

function isOpenTo(here: Standpoint, state: number, observer: number, refusalsSee: boolean): boolean {
  if (here.isInFlight(observer) && here.has(observer)) return false;
  return (refusalsSee && is(here, observer, REFUSES)) || canSee(here, state, observer);
}

/**
 * Whether an operation in flight can see this state, or one that grows out of it, before the next return. What
 * refuses and is not linearized yet is impossible in the present state: another one may be what it waits for.
 */
export function isSeenNow(here: Standpoint, state: number): boolean {
  const { flight, flightStart, isExact, demand } = here.subhistory;
  for (let i = flightStart[here.at]!; i < flightStart[here.at + 1]!; i++) {
    const operation = flight[i]!;
    if (isExact && demand.wantedBy[operation] !== state && !is(here, operation, REFUSES)) continue;
    if (!is(here, operation, OBSERVES) || here.has(operation)) continue;
    if (is(here, operation, REFUSES) || canSee(here, state, operation)) return true;
  }
  return isSeenByPending(here, state, here.at);
}

/** The first return of an overwrite that is still to come for certain; `laid` if there is none as far as it is known. */
function firstOverwrite(here: Standpoint, onlyLaterCalls: boolean): number {
  const { laid, returning, nextOverwrite } = here.subhistory;
  let next = nextOverwrite[here.at]!;
  for (; next < laid; next = nextOverwrite[next + 1]!) {
    const operation = returning[next]!;
    if (!here.isInFlight(operation)) break;
    if (!onlyLaterCalls && !here.has(operation) && !here.isAbsorbed(operation)) break;
  }
  return next;
}

/** Never-returning operations that read were dropped; one that depends may come wherever it was called before. */
function isSeenByPending(here: Standpoint, state: number, limit: number): boolean {
  const { pending, pendingBefore } = here.subhistory;
  if (here.subhistory.isExact) return isWantedByPending(here, state, limit);
  const count = pendingBefore[limit]!;
  for (let i = 0; i < count; i++) {
    const operation = pending[i]!;
    if (!is(here, operation, OBSERVES) || (here.isInFlight(operation) && here.has(operation))) continue;
    if (canSee(here, state, operation)) return true;
  }
  return false;
}

/** The same where wants are exact. */
function isWantedByPending(here: Standpoint, state: number, limit: number): boolean {
  if (state === BLANK) return false;
  const { laid, operations, calledBefore } = here.subhistory;
  const { firstWanting, nextWanting } = here.subhistory.demand;
  const called = limit < laid ? calledBefore[limit]! : operations;
  for (let one = firstWanting[state]!; one < called; one = nextWanting[one]!) {
    if (!here.isInFlight(one) || !here.has(one)) return true;
  }
  return false;
}

/** Whether an operation that is not linearized yet, and was called before this return, revives its observer. */
function isRevivable(here: Standpoint, limit: number): boolean {
  const { returning, calledBefore, pastReviver, flight, flightStart, pending, pendingBefore } =
    here.subhistory;
  const observer = returning[limit]!;
  for (let i = flightStart[here.at]!; i < flightStart[here.at + 1]!; i++) {
    if (!here.has(flight[i]!) && revives(here, flight[i]!, observer)) return true;
  }
  for (let i = 0; i < pendingBefore[here.at]!; i++) {
    if (!here.has(pending[i]!) && revives(here, pending[i]!, observer)) return true;
  }
  let asked = 0;
  const first = calledBefore[here.at]!;
  for (let later = pastReviver[calledBefore[limit]!]!; later >= first; later = pastReviver[later]!) {
    if (asked++ === MOST_ASKED || revives(here, later, observer)) return true;
  }
  return false;
}

function is(here: Standpoint, operation: number, flag: number): boolean {
  return (here.subhistory.flagsOf[operation]! & flag) !== 0;
}

function canSee(here: Standpoint, state: number, observer: number): boolean {
  return state !== BLANK && here.lens.sees(state, here.subhistory.classOf[observer]!);
}

function revives(here: Standpoint, writer: number, observer: number): boolean {
  const { classOf } = here.subhistory;
  return here.lens.revives(classOf[writer]!, classOf[observer]!);
}
