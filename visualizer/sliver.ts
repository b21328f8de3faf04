/**
 * Operations too narrow to tell apart: slivers of colour. Where one holds several, its shade says how many they are,
 * against the fullest one of its row in view: a busy row is no solid bar, and a stall in it is seen from afar.
 */

/** Something to be drawn from `x` on, in pixels. */
export interface Sliver {
  readonly x: number;
  readonly width: number;
  readonly kind: string;
  /** How many operations lie in it. */
  readonly count: number;
}

/** Slivers that look the same, as one rectangle. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
  /** "mixed" where there are several operations: many kinds in one pixel have no colour in common. */
  readonly kind: string;
  /** Above 0, and 1 for full. */
  readonly shade: number;
}

/** So few shades keep rectangles few. */
const SHADES = 6;
const PALEST = 0.3;

/** Slivers from left to right. */
export function shaded(slivers: readonly Sliver[]): Stretch[] {
  const fullest = slivers.reduce((most, { count }) => Math.max(most, count), 1);
  const stretches: Stretch[] = [];
  for (const { x, width, count, kind: own } of slivers) {
    const step = count === 1 ? SHADES : Math.ceil(SHADES * Math.sqrt(count / fullest));
    const shade = PALEST + ((1 - PALEST) * step) / SHADES;
    const kind = count === 1 ? own : "mixed";
    const last = stretches.at(-1);
    const touches = last !== undefined && x - last.until < 1;
    if (touches && last.kind === kind && last.shade === shade) {
      stretches[stretches.length - 1] = { ...last, until: Math.max(last.until, x + width) };
      continue;
    }
    // What overlaps the one before begins where that ends, or both shades would add up.
    const from = touches ? Math.max(x, last.until) : x;
    if (x + width > from) stretches.push({ from, until: x + width, kind, shade });
  }
  return stretches;
}
