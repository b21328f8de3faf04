/**
 * Real time along a picture that is a few hundred pixels wide. A write may have taken a millisecond and been contradicted
 * three seconds later: stretches in which nothing begins or ends, and which would take half of the picture, are cut out,
 * with their length said. Everything else is to one scale.
 */

import { milliseconds } from "../text.ts";

export interface Axis {
  readonly from: number;
  readonly until: number;
  readonly breaks: readonly Break[];
  readonly ticks: readonly Tick[];
  /** Pixels of an instant; what lies outside stands at the edge. */
  x(instant: number): number;
}

export interface Break {
  readonly from: number;
  readonly until: number;
  /** Where it is drawn, in pixels. */
  readonly left: number;
  readonly right: number;
}

interface Tick {
  readonly x: number;
  readonly label: string;
}

export interface Span {
  readonly left: number;
  readonly right: number;
}

/** A cut-out stretch is drawn this wide. */
const BREAK_WIDTH = 30;

/** Of what is left, so much in one stretch without any event is cut out. */
const LONGEST_SHARE = 0.4;

const MOST_BREAKS = 3;

/** A tick does not stand so near to a cut, in pixels. */
const CLEAR = 8;

/** Of the time shown, before the first event and after the last. */
const MARGIN = 0.05;

/** An axis over these instants, between two edges in pixels; ticks at least so many pixels apart. */
export function axisOver(instants: readonly number[], { left, right }: Span, tickRoom = 96): Axis {
  const points = [...new Set(instants)].sort((a, b) => a - b);
  const gaps = points.slice(1).map((point, i) => ({ from: points[i]!, until: point }));
  const cut = cutOut(gaps);
  const kept = gaps.filter((gap) => !cut.includes(gap)).reduce((sum, gap) => sum + gap.until - gap.from, 0);
  const margin = Math.max(1, kept * MARGIN);
  const [from, until] = [(points[0] ?? 0) - margin, (points.at(-1) ?? 0) + margin];
  const scale = (right - left - cut.length * BREAK_WIDTH) / (kept + 2 * margin);
  const breaks = placed(cut, from, left, scale);
  const x = (instant: number): number => {
    const at = Math.min(until, Math.max(from, instant));
    let position = left + (at - from) * scale;
    for (const each of breaks) {
      if (at <= each.from) break;
      const inside = Math.min(at, each.until) - each.from;
      position += (inside / (each.until - each.from)) * BREAK_WIDTH - inside * scale;
    }
    return Math.round(position * 10) / 10;
  };
  return { from, until, breaks, ticks: ticksOf(from, until, breaks, scale, x, tickRoom), x };
}

interface Gap {
  readonly from: number;
  readonly until: number;
}

/** The longest gaps, as long as one is most of what is left; in order of time. */
function cutOut(gaps: readonly Gap[]): readonly Gap[] {
  const byLength = [...gaps].sort((a, b) => b.until - b.from - (a.until - a.from));
  let left = gaps.reduce((sum, { from, until }) => sum + until - from, 0);
  const cut: Gap[] = [];
  for (const gap of byLength.slice(0, MOST_BREAKS)) {
    const length = gap.until - gap.from;
    // Of what is left something must be seen, to one scale.
    if (gaps.length - cut.length < 3 || length <= LONGEST_SHARE * left) break;
    cut.push(gap);
    left -= length;
  }
  return cut.sort((a, b) => a.from - b.from);
}

function placed(cut: readonly Gap[], from: number, left: number, scale: number): readonly Break[] {
  let skipped = 0;
  return cut.map((gap, i) => {
    const start = left + (gap.from - from - skipped) * scale + i * BREAK_WIDTH;
    skipped += gap.until - gap.from;
    return { ...gap, left: start, right: start + BREAK_WIDTH };
  });
}

function ticksOf(
  from: number,
  until: number,
  breaks: readonly Break[],
  scale: number,
  x: Axis["x"],
  room: number,
): readonly Tick[] {
  const step = roundUp(room / scale);
  const ticks: Tick[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const stretch of stretches(from, until, breaks)) {
    for (let at = Math.ceil(stretch.from / step) * step; at <= stretch.until; at += step) {
      const place = x(at);
      const isInCut = breaks.some((each) => place > each.left - CLEAR && place < each.right + CLEAR);
      if (place - last < room || isInCut) continue;
      ticks.push({ x: place, label: labelOf(at, step) });
      last = place;
    }
  }
  return ticks;
}

function stretches(from: number, until: number, breaks: readonly Break[]): readonly Gap[] {
  const edges = [from, ...breaks.flatMap((each) => [each.from, each.until]), until];
  return edges.flatMap((edge, i) => (i % 2 === 0 ? [{ from: edge, until: edges[i + 1]! }] : []));
}

/** The next of 1, 2, 5, 10, 20, ... microseconds. */
function roundUp(microseconds: number): number {
  let unit = 1;
  for (;;) {
    for (const factor of [1, 2, 5]) if (factor * unit >= microseconds) return factor * unit;
    unit *= 10;
  }
}

/** To the microsecond only where the steps are so small. */
function labelOf(at: number, step: number): string {
  const text = milliseconds(at);
  return step % 1000 === 0 ? text.replace(/\.\d+/, "") : text;
}
