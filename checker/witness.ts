/**
 * What a search shows for its verdict: a linearization, or how far the attempts came. Only the decisions were kept;
 * replaying them fills in the rest.
 */
import { Configuration } from "./configuration.ts";
import type { Search } from "./search.ts";
import { NONE } from "./visited.ts";

/** Each partial linearization may be as long as the history, so there are only a few. */
const MOST_PARTIALS = 16;

/** The operations by id in an order that explains the object's subhistory; null unless the verdict is ok. */
export function linearizationOf<State, Input, Output>(
  search: Search<State, Input, Output>,
): readonly number[] | null {
  if (search.goal === NONE) return null;
  const order = replay(search, search.goal);
  return order.map((operation) => search.subhistory.ids[operation]!);
}

/**
 * The longest attempts, longest first: for every completed operation that was linearized in some attempt a longest
 * one with it, each attempt listed once, and of those the longest few.
 */
export function partialsOf<State, Input, Output>(search: Search<State, Input, Output>): readonly number[][] {
  const { ids } = search.subhistory;
  const covered = new Uint8Array(ids.length);
  const partials: number[][] = [];
  for (const configuration of byLength(search)) {
    if (partials.length === MOST_PARTIALS) break;
    if (partials.length > 0 && !isNews(search, configuration, covered)) continue;
    const order = replay(search, configuration);
    for (const operation of order) covered[operation] = 1;
    partials.push(order.map((operation) => ids[operation]!));
  }
  return partials.sort((a, b) => b.length - a.length);
}

/** The operations up to a configuration, and from there on those whose return is due, while they are possible. */
function replay<State, Input, Output>(search: Search<State, Input, Output>, configuration: number): number[] {
  const { subhistory, states, visited } = search;
  const decisions: number[] = [];
  for (let at = configuration; visited.parentOf(at) !== NONE; at = visited.parentOf(at)) {
    decisions.push(visited.operationOf(at));
  }
  const order: number[] = [];
  const here = new Configuration(subhistory, states);
  here.settle(order);
  const go = (operation: number): void => {
    here.take(operation);
    order.push(operation);
    here.settle(order);
  };
  for (const operation of decisions.reverse()) go(operation);
  // The search turned back where it saw that a later read would fail; a reader wants to see that read fail.
  while (!here.isFinal() && here.allows(subhistory.returning[here.at]!)) {
    go(subhistory.returning[here.at]!);
  }
  return order;
}

/** All configurations, those with the most operations linearized first: a counting sort. */
function byLength<State, Input, Output>(search: Search<State, Input, Output>): Int32Array {
  const { subhistory, visited } = search;
  const longest = subhistory.ids.length;
  const lengths = new Int32Array(visited.count);
  const starts = new Int32Array(longest + 2);
  const mask = new Int32Array(visited.width);
  for (let configuration = 0; configuration < visited.count; configuration++) {
    visited.readMask(configuration, mask);
    let length = visited.returnOf(configuration);
    for (const word of mask) length += bitCount(word);
    lengths[configuration] = length;
    starts[longest - length + 1]!++;
  }
  for (let i = 1; i < starts.length; i++) starts[i]! += starts[i - 1]!;
  const sorted = new Int32Array(visited.count);
  for (let configuration = 0; configuration < visited.count; configuration++) {
    sorted[starts[longest - lengths[configuration]!]!++] = configuration;
  }
  return sorted;
}

/** Whether some completed operation that no listed attempt has is linearized in the configuration. */
function isNews<State, Input, Output>(
  search: Search<State, Input, Output>,
  configuration: number,
  covered: Uint8Array,
): boolean {
  const { subhistory, visited } = search;
  const { returning, flight, flightStart, slotOf } = subhistory;
  const at = visited.returnOf(configuration);
  // Attempts hold every return before theirs, so what is covered among the returns is a beginning of them.
  if (at > 0 && covered[returning[at - 1]!] === 0) return true;
  const mask = new Int32Array(visited.width);
  visited.readMask(configuration, mask);
  for (let i = flightStart[at]!; i < flightStart[at + 1]!; i++) {
    const slot = slotOf[flight[i]!]!;
    const isIn = ((mask[slot >>> 5]! >>> (slot & 31)) & 1) === 1;
    if (isIn && covered[flight[i]!] === 0) return true;
  }
  return false;
}

function bitCount(word: number): number {
  let bits = word;
  let count = 0;
  for (; bits !== 0; bits &= bits - 1) count++;
  return count;
}
