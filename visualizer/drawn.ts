/** What a page draws, whoever recorded it: a run of the lab is one such thing, a history from a file is another. */

import type { Annotation } from "porcupine-ts";
import type { Report } from "../lab/run/report.ts";

export interface Drawn
  extends Pick<
    Report,
    | "linlab"
    | "outcome"
    | "sentence"
    | "violation"
    | "bands"
    | "servers"
    | "clients"
    | "operations"
    | "objects"
    | "recorded"
    | "why"
  > {
  /** What a test said about its run. */
  readonly annotations?: readonly Annotation[];
  /** What of the lab's switches a reader must know; absent for a history from elsewhere. */
  readonly options?: Pick<Report["options"], "mutant">;
  readonly counts: Pick<
    Report["counts"],
    "acknowledged" | "indeterminate" | "pending" | "virtualMicroseconds"
  >;
}

/** What a page says of where that comes from. */
export interface Origin {
  /** In the window's title, such as "seed 7". */
  readonly name: string;
  /** For the line under the verdict. */
  readonly facts: readonly Fact[];
  /** What gives this page again, and what that is called. */
  readonly again: { readonly name: string; readonly command: string };
  /** What is too much for the line, with its heading. */
  readonly details: { readonly heading: string; readonly facts: readonly Fact[] };
}

export type Fact = readonly [name: string, value: string];
