/** What an entry of the catalogue says. */

import type { System } from "../system.ts";

export interface Mutant {
  readonly name: string;
  readonly breaks: string;
  /** Who must notice: the history check, or the invariant or liveness bound of this name. */
  readonly oracle: string;
  readonly system: System;
}
