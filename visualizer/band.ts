/** Faults of one class may overlap in time; this packs them into as few rows as keep every band, and so its label, apart. */

import type { FaultBand } from "../lab/run/report.ts";

export interface BandRow {
  readonly kind: string;
  /** Indexes into the report's bands, in order of time, no two overlapping. */
  readonly bands: readonly number[];
}

/** Rows grouped by fault class, classes in the order in which they first struck. */
export function packBands(bands: readonly Pick<FaultBand, "kind" | "at" | "until">[]): BandRow[] {
  const byTime = bands.map((_, index) => index).sort((a, b) => bands[a]!.at - bands[b]!.at || a - b);
  const classes = new Map<string, { bands: number[]; end: number }[]>();
  for (const index of byTime) {
    const band = bands[index]!;
    const rows = classes.get(band.kind) ?? [];
    classes.set(band.kind, rows);
    const free = rows.find((row) => row.end <= band.at);
    const row = free ?? { bands: [], end: 0 };
    if (free === undefined) rows.push(row);
    row.bands.push(index);
    row.end = Math.max(band.until, band.at);
  }
  return [...classes].flatMap(([kind, rows]) => rows.map((row) => ({ kind, bands: row.bands })));
}
