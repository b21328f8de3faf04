/**
 * Which rows of a long table are in sight: only these are made. Where all rows together would be higher than browsers
 * can count pixels, scrolling is stretched: the top and the bottom stay where they are, and between them a pixel of the
 * bar is more than a pixel of the table.
 */

export const ROW_HEIGHT = 27;
/** Firefox ends at 17 million pixels, Chromium at 33. */
const HIGHEST = 8_000_000;
/** Rows above and below what is in sight, so that scrolling a little shows no gap. */
const SPARE = 8;

export interface Slice {
  readonly first: number;
  /** The first one after it. */
  readonly end: number;
  /** Pixels of nothing above and below the rows. */
  readonly above: number;
  readonly below: number;
}

export function heightOf(rows: number): number {
  return Math.min(rows * ROW_HEIGHT, HIGHEST);
}

/** For a table of so many rows, scrolled by `top` pixels, of which `height` pixels are in sight. */
export function sliceAt(rows: number, top: number, height: number): Slice {
  const total = heightOf(rows);
  const inSight = Math.ceil(height / ROW_HEIGHT) + 1;
  const furthest = Math.max(0, total - height);
  const share = furthest === 0 ? 0 : Math.min(1, Math.max(0, top / furthest));
  const exact = total === rows * ROW_HEIGHT;
  const lead = exact ? Math.floor(Math.max(0, top) / ROW_HEIGHT) : Math.round(share * (rows - inSight + 1));
  const first = Math.max(0, Math.min(lead - SPARE, rows));
  const end = Math.min(rows, lead + inSight + SPARE);
  const made = (end - first) * ROW_HEIGHT;
  // Stretched, the first row in sight stands at the top edge, wherever the bar is.
  const above = exact
    ? first * ROW_HEIGHT
    : Math.max(0, Math.min(share * furthest - (lead - first) * ROW_HEIGHT, total - made));
  return { first, end, above, below: Math.max(0, total - above - made) };
}

/** How far to scroll so that this row is the first in sight. */
export function topOf(row: number, rows: number, height: number): number {
  const total = heightOf(rows);
  if (total === rows * ROW_HEIGHT) return row * ROW_HEIGHT;
  const inSight = Math.ceil(height / ROW_HEIGHT) + 1;
  return (row / Math.max(1, rows - inSight + 1)) * (total - height);
}
