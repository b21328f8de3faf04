/** Deeds that concern who votes (section 6): how leaders change it, and by what servers count. */

import type { Configuration } from "../../../src/raft/index.ts";
import type { Done } from "./done.ts";

/** A leader appends a configuration. */
export interface Changed extends Done {
  readonly kind: "changed";
  readonly term: number;
  readonly index: number;
  readonly from: Configuration;
  readonly to: Configuration;
  /** An entry of its own term was committed by then. */
  readonly hasOwnEntry: boolean;
}

/** A server counts by another configuration than its log tells. */
export interface Configured extends Done {
  readonly kind: "configured";
  readonly uses: Configuration;
  readonly tells: Configuration;
  /** Of the entry that tells it, or of the snapshot that took its place; 0 for the configuration at the start. */
  readonly index: number;
  readonly isInLog: boolean;
  /** A later configuration was cut off its log just now. */
  readonly isCut: boolean;
}

/** A leader could end a change of the membership with a step, and has not. */
export interface Lingered extends Done {
  readonly kind: "lingered";
  readonly term: number;
  readonly configuration: Configuration;
  readonly index: number;
}
