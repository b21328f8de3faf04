/**
 * What a search shows for its verdict: a linearization, or how far the attempts came. Only the decisions were kept;
 * replaying them fills in the rest.
 */
import { Configuration, type Trail } from "./configuration.ts";
import { IMPOSSIBLE } from "./lens.ts";
import { decide, type Search } from "./search.ts";
import { NONE } from "./visited.ts";

/** Each partial linearization may be as long as the history, so there are only a few. */
const MOST_PARTIALS = 16;

/** The operations in an order that explains the object's subhistory; null unless the verdict is ok. */
export function linearizationOf(search: Search): number[] | null {
  return search.goal === NONE ? null : replay(search, search.goal);
}

/**
 * The longest attempts, longest first: for every completed operation that was linearized in some attempt a longest
 * one with it, each attempt listed once, and of those the longest few.
 */
export function partialsOf(search: Search): number[][] {
  const covered = new Uint8Array(search.subhistory.operations);
  const partials: number[][] = [];
  for (const configuration of byLength(search)) {
    if (partials.length === MOST_PARTIALS) break;
    if (partials.length > 0 && !isNews(search, configuration, covered)) continue;
    const order = replay(search, configuration);
    for (const operation of order) covered[operation] = 1;
    partials.push(order);
  }
  return partials.sort((a, b) => b.length - a.length);
}

/** The operations up to a configuration, and from there on those whose return is due, while they are possible. */
function replay(search: Search, configuration: number): number[] {
  const { subhistory, visited } = search;
  const way: number[] = [];
  let first = configuration;
  for (; visited.parentOf(first) !== NONE; first = visited.parentOf(first)) way.push(first);
  const here = new Configuration(subhistory, search.here.lens, search.optimisationsAt(first));
  here.reset();
  const order = new Order(subhistory.operations);
  here.trail = order;
  here.settle();
  for (const reached of way.reverse()) {
    here.optimisations = search.optimisationsAt(reached);
    decide(here, visited.operationOf(reached));
    here.settle();
  }
  // The search turned back where it saw that a later answer would be impossible; a reader wants to see that answer.
  while (!here.isFinal()) {
    if (here.isAbsorbed(here.due())) here.skip();
    else if (here.after(here.due()) !== IMPOSSIBLE) here.take(here.due());
    else break;
    here.settle();
  }
  return order.list();
}

/** An order in the making, with places where absorbed operations would go. */
class Order implements Trail {
  private readonly taken: number[] = [];
  /** By place in `taken`: what was linearized right before it. */
  private readonly before = new Map<number, number[]>();
  private readonly places: Int32Array;

  constructor(operations: number) {
    this.places = new Int32Array(operations);
  }

  take(operation: number): void {
    this.taken.push(operation);
  }

  absorb(operation: number): void {
    this.places[operation] = this.taken.length;
  }

  settle(operation: number): void {
    const place = this.places[operation]!;
    const there = this.before.get(place);
    if (there === undefined) this.before.set(place, [operation]);
    else there.push(operation);
  }

  list(): number[] {
    const order: number[] = [];
    for (let place = 0; place <= this.taken.length; place++) {
      const absorbed = this.before.get(place);
      if (absorbed !== undefined) order.push(...absorbed);
      if (place < this.taken.length) order.push(this.taken[place]!);
    }
    return order;
  }
}

/** All configurations, those with the most operations linearized first: a counting sort. */
function byLength(search: Search): Int32Array {
  const { subhistory, visited } = search;
  const longest = subhistory.operations;
  const lengths = new Int32Array(visited.count);
  const starts = new Int32Array(longest + 2);
  for (let configuration = 0; configuration < visited.count; configuration++) {
    let length = visited.returnOf(configuration);
    for (let word = 0; word < visited.width; word++)
      length += bitCount(visited.maskWord(configuration, word));
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
function isNews(search: Search, configuration: number, covered: Uint8Array): boolean {
  const { subhistory, visited } = search;
  const { returning, flight, flightStart, slotOf } = subhistory;
  const at = visited.returnOf(configuration);
  // Attempts hold every return before theirs, so what is covered among the returns is a beginning of them.
  if (at > 0 && covered[returning[at - 1]!] === 0) return true;
  for (let i = flightStart[at]!; i < flightStart[at + 1]!; i++) {
    const slot = slotOf[flight[i]!]!;
    const isIn = ((visited.maskWord(configuration, slot >>> 5) >>> (slot & 31)) & 1) === 1;
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
