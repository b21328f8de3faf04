/** Bounds in which only what a test names may happen. */

import type { Bounds } from "../../lab/explore/index.ts";

const nothing: Partial<Bounds> = { crashes: 0, losses: 0, delays: 0, stalls: 0, compactions: 0, reads: 0 };

export function only(bounds: Partial<Bounds>): Partial<Bounds> {
  return { ...nothing, incidents: 2, ...bounds };
}
