/** What all deeds say. */

import type { Instant, NodeId } from "../../../src/base/index.ts";

export interface Done {
  readonly at: Instant;
  /** Who did it. */
  readonly by: NodeId;
}
