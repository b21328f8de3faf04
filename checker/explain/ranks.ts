/** The events of some calls, numbered without gaps: in a history of many objects their positions are far apart. */
import type { Call } from "./call.ts";

/** The rank of a return that never came: later than all. */
const NEVER = 0x7fffffff;

export class Ranks {
  /** How many events there are. */
  readonly count: number;
  /** By call. */
  readonly begin: Int32Array;
  readonly end: Int32Array;
  /** The calls that returned, in the order of their returns. */
  readonly replies: Int32Array;

  /** Of calls in their order, at whole positions. */
  constructor(calls: readonly Call<unknown, unknown>[]) {
    let last = -1;
    for (const call of calls) last = Math.max(last, call.return === Infinity ? call.call : call.return);
    const returning = new Int32Array(last + 1).fill(-1);
    calls.forEach((call, i) => {
      if (call.return !== Infinity) returning[call.return] = i;
    });
    this.begin = new Int32Array(calls.length);
    this.end = new Int32Array(calls.length).fill(NEVER);
    const replies: number[] = [];
    let rank = 0;
    let called = 0;
    for (let at = 0; at <= last; at++) {
      if (called < calls.length && calls[called]!.call === at) this.begin[called++] = rank++;
      else if (returning[at] !== -1) {
        this.end[returning[at]!] = rank++;
        replies.push(returning[at]!);
      }
    }
    this.count = rank;
    this.replies = Int32Array.from(replies);
  }
}
