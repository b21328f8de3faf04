/**
 * The classes of violations in kv terms, each a predicate on the core alone. They are asked in the order below; the
 * first that holds names the violation, and none makes it `no-order`.
 */
import { finishedBefore } from "./call.ts";
import { appended, type Core, type Sight, wrote } from "./core.ts";
import type { KvCall } from "./translation.ts";

/** A class with the operations that make it one: what its sentence speaks of. */
export type Finding =
  /** `token` is the appended text that is meant; null if it is the value as a whole. */
  | { readonly class: "phantom-value"; readonly token: string | null }
  | { readonly class: "read-before-write"; readonly write: KvCall }
  | { readonly class: "duplicated-write"; readonly write: KvCall }
  /** `newer` is null where the answer itself shows the effect twice, else a write between the two effects. */
  | { readonly class: "took-effect-twice"; readonly write: KvCall; readonly newer: KvCall | null }
  | { readonly class: "lost-write"; readonly lost: KvCall; readonly later: KvCall }
  | { readonly class: "stale-read"; readonly newer: KvCall }
  /** `missing` is an appended text that the earlier read had shown; null if it had another value. */
  | { readonly class: "reads-go-backwards"; readonly earlier: KvCall; readonly missing: string | null }
  /** `other` is a read with another order, null if it is the clock. `writes`: two appends as the impossible reply shows them. */
  | {
      readonly class: "order-disagreement";
      readonly other: KvCall | null;
      readonly writes: readonly [KvCall, KvCall] | null;
    }
  | { readonly class: "cas-wrongly-succeeded" }
  | { readonly class: "cas-wrongly-refused" }
  | { readonly class: "impossible-first-operation" }
  | { readonly class: "no-order" };

/** What a class says about a core whose impossible reply saw this; null if it is not of that class. */
type Predicate = (core: Core, sight: Sight) => Finding | null;

const OF_READS: readonly Predicate[] = [
  readBeforeWrite,
  phantomValue,
  duplicatedWrite,
  lostWrite,
  tookEffectAgain,
  staleRead,
  readsGoBackwards,
  appendsDisagree,
  valuesDisagree,
];

/**
 * The class of a core. `isLegalWith` tells whether the core would be possible if the impossible reply were another
 * one: what was wrong with a cas is its answer only if that is so.
 */
export function classify(core: Core, isLegalWith: (output: KvCall["output"]) => boolean): Finding {
  const { input, output } = core.impossible;
  if (input.kind === "cas" && output?.kind === "swapped") {
    if (!isLegalWith({ kind: "swapped", swapped: !output.swapped })) return { class: "no-order" };
    return { class: output.swapped ? "cas-wrongly-succeeded" : "cas-wrongly-refused" };
  }
  const sight = core.sightOf(core.impossible);
  if (sight === null) {
    return { class: core.calls.length === 1 ? "impossible-first-operation" : "no-order" };
  }
  for (const predicate of OF_READS) {
    const finding = predicate(core, sight);
    if (finding !== null) return finding;
  }
  return { class: "no-order" };
}

/** All writes of some part of the answer were called after the answer had been given. */
function readBeforeWrite({ impossible, writes, initial }: Core, sight: Sight): Finding | null {
  for (const part of partsOf(sight)) {
    if (part.token === null && part.value === initial) continue;
    const sources = writes.filter((write) => isSource(write, part));
    if (sources.length > 0 && sources.every((write) => finishedBefore(impossible, write))) {
      return { class: "read-before-write", write: sources[0]! };
    }
  }
  return null;
}

/** Some part of the answer was written by nobody, and was not there at first. */
function phantomValue({ writes, initial }: Core, sight: Sight): Finding | null {
  for (const part of partsOf(sight)) {
    if (part.token === null && part.value === initial) continue;
    if (!writes.some((write) => isSource(write, part))) {
      return { class: "phantom-value", token: part.token };
    }
  }
  return null;
}

/** The answer shows a text more often than it was appended. */
function duplicatedWrite({ writes }: Core, { tail }: Sight): Finding | null {
  for (const token of new Set(tail)) {
    const sources = writes.filter((write) => appended(write) === token);
    if (tail.filter((each) => each === token).length <= sources.length) continue;
    const unknown = sources.find((write) => write.returnedAt === null);
    if (unknown !== undefined) return { class: "took-effect-twice", write: unknown, newer: null };
    return { class: "duplicated-write", write: sources[0]! };
  }
  return null;
}

/** The answer lacks a write that was acknowledged before the read began, yet shows one that was called after that. */
function lostWrite(core: Core, sight: Sight): Finding | null {
  const { impossible, writes } = core;
  for (const lost of writes) {
    if (!finishedBefore(lost, impossible) || core.shows(sight, lost)) continue;
    // A put or cas would have replaced the effect, not lost it.
    const isAppendAfter = (write: KvCall) =>
      write.input.kind === "append" && finishedBefore(lost, write) && core.shows(sight, write);
    const later = writes.find(isAppendAfter);
    if (later !== undefined && isAfterHead(core, sight, lost)) return { class: "lost-write", lost, later };
  }
  return null;
}

/** A newer value had been written, and was acknowledged before the read began. */
function staleRead(core: Core, sight: Sight): Finding | null {
  const newer = core.writes
    .filter((write) => finishedBefore(write, core.impossible) && !core.shows(sight, write))
    .filter((write) => isAfterHead(core, sight, write))
    .sort((a, b) => a.return - b.return)[0];
  return newer === undefined ? null : { class: "stale-read", newer };
}

/**
 * The same, but the value that came back was written once, by a call that the client never heard back from, and it
 * had been read before the newer write began: such a call may well take effect late, and here did it again.
 */
function tookEffectAgain(core: Core, sight: Sight): Finding | null {
  const stale = staleRead(core, sight);
  const sources = core.writes.filter((write) => wrote(write, sight.head));
  const [write] = sources;
  if (stale?.class !== "stale-read" || write === undefined || sources.length > 1) return null;
  return write.returnedAt === null ? { class: "took-effect-twice", write, newer: stale.newer } : null;
}

/** An earlier read had seen a write that this one does not show, though this one cannot come before that write. */
function readsGoBackwards(core: Core, sight: Sight): Finding | null {
  for (const earlier of core.otherReads) {
    const seen = core.sightOf(earlier)!;
    if (!finishedBefore(earlier, core.impossible)) continue;
    const longer =
      seen.head === sight.head && startsWith(seen.tail, sight.tail) && seen.tail.length > sight.tail.length;
    const replaced = seen.head !== sight.head && isAfterHead(core, sight, earlier);
    const write = core.writes.find((each) => seen.head !== sight.head && core.shows(seen, each));
    const rewritten = write !== undefined && isAfterHead(core, sight, write);
    if (!longer && !replaced && !rewritten) continue;
    return { class: "reads-go-backwards", earlier, missing: longer ? seen.tail[sight.tail.length]! : null };
  }
  return null;
}

/** The answer shows two appends in one order, and another answer, or the clock, in the other. */
function appendsDisagree(core: Core, sight: Sight): Finding | null {
  const { writes, otherReads } = core;
  for (const first of writes) {
    for (const second of writes) {
      if (first === second || !isShownBefore(sight, first, second)) continue;
      if (finishedBefore(second, first)) {
        return { class: "order-disagreement", other: null, writes: [first, second] };
      }
      const other = otherReads.find((read) => isShownBefore(core.sightOf(read)!, second, first));
      if (other !== undefined) return { class: "order-disagreement", other, writes: [first, second] };
    }
  }
  return null;
}

/** The answer comes after a value that, by another read, came after the value of the answer. */
function valuesDisagree(core: Core, sight: Sight): Finding | null {
  const { impossible, otherReads, calls } = core;
  const mine = calls.filter((call) => call !== impossible && isOf(core, call, sight.head));
  for (const other of otherReads) {
    const { head } = core.sightOf(other)!;
    if (head === sight.head || !mine.some((call) => finishedBefore(call, other))) continue;
    const theirs = calls.filter((call) => isOf(core, call, head));
    if (theirs.some((call) => finishedBefore(call, impossible))) {
      return { class: "order-disagreement", other, writes: null };
    }
  }
  return null;
}

/** Whether the call wrote that value or read it. */
function isOf(core: Core, call: KvCall, value: string | null): boolean {
  return wrote(call, value) || core.sightOf(call)?.head === value;
}

/** One piece of an answer: an appended text, or, where `token` is null, the value below. */
interface Part {
  readonly token: string | null;
  readonly value: string | null;
}

function partsOf({ head, tail }: Sight): readonly Part[] {
  return [{ token: null, value: head }, ...tail.map((token) => ({ token, value: null }))];
}

function isSource(write: KvCall, { token, value }: Part): boolean {
  return token === null ? wrote(write, value) : appended(write) === token;
}

/**
 * Whether the call must come after the value that the sight goes back to had been there: its writer, or a read of
 * it, had returned before the call. The initial value was there before everything.
 */
function isAfterHead(core: Core, sight: Sight, call: KvCall): boolean {
  const sources = core.writes.filter((write) => wrote(write, sight.head));
  if (sources.length === 0) return sight.head === core.initial;
  if (sources.every((write) => finishedBefore(write, call))) return true;
  if (sources.length > 1 || sight.head === core.initial) return false;
  return core.otherReads.some(
    (read) => core.sightOf(read)!.head === sight.head && finishedBefore(read, call),
  );
}

function isShownBefore({ tail }: Sight, first: KvCall, second: KvCall): boolean {
  const [a, b] = [appended(first), appended(second)];
  if (a === null || b === null) return false;
  const [i, j] = [tail.indexOf(a), tail.indexOf(b)];
  return i !== -1 && i < j;
}

function startsWith(list: readonly string[], start: readonly string[]): boolean {
  return start.every((item, i) => list[i] === item);
}
