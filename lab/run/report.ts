/**
 * The report: all that one run has to tell, as plain data. The page draws it, `--json` sums it up, and a later
 * version of linlab can still read it. All times are virtual microseconds since the start of the run.
 */

import type { Explanation, History, Verdict } from "porcupine-ts";
import type { Schedule } from "../faults/index.ts";
import type { Violation } from "../oracles/index.ts";
import type { RunOptions } from "./options.ts";
import type { ServerStatus } from "./status.ts";
import type { Why } from "./why.ts";

export const REPORT_FORMAT = "linlab-report";
export const REPORT_VERSION = 1;

export interface Report {
  readonly format: typeof REPORT_FORMAT;
  readonly version: typeof REPORT_VERSION;
  /** The linlab version that wrote it. */
  readonly linlab: string;
  readonly seed: number;
  readonly options: RunOptions;
  /** The one command that runs this again. */
  readonly replay: string;
  /** The file that replaced the schedule which the seed would have drawn; null if none did. */
  readonly scheduleFile: string | null;
  /** What stood in that file: without it nobody else could run this again. */
  readonly schedule: Schedule | null;
  /** What the run as a whole came to; a broken invariant outranks the history's verdict. */
  readonly outcome: Outcome;
  /** The outcome in one sentence. */
  readonly sentence: string;
  /** The verdict on the history alone. */
  readonly verdict: Verdict;
  readonly violation: Violation | null;
  /** The running digest over every event of the run: 16 hexadecimal digits. */
  readonly digest: string;
  readonly phases: readonly Phase[];
  readonly counts: Counts;
  /** How often each fault class fired. */
  readonly faults: Readonly<Record<string, number>>;
  /** Why a verdict of ok would say little: fault classes that were enabled and never struck; empty if none. */
  readonly vacuous: readonly string[];
  /** How often the run got into each of the situations that it should get into sometimes. */
  readonly marks: Readonly<Record<string, number>>;
  /** What the nemesis really did, healing included. */
  readonly bands: readonly FaultBand[];
  readonly servers: readonly ServerRow[];
  readonly clients: readonly string[];
  readonly operations: readonly ReportedOperation[];
  readonly objects: readonly ReportedObject[];
  /** What clients saw, event by event, as a checker wants it. Absent from reports of earlier versions. */
  readonly recorded?: Recorded;
  /** What a second look at a failed run found; only of those that somebody wanted to read about. */
  readonly why?: Why;
}

export type Outcome = "ok" | "illegal" | "unknown" | "invariant" | "liveness";

/** A history with what its file says first. Inputs and outputs are JSON data. */
export interface Recorded {
  readonly header: { readonly model: string; readonly [field: string]: unknown };
  readonly history: History<unknown, unknown>;
}

/** One stretch of the run, in the figures of the Go labs' "Passed" line. */
export interface Phase {
  readonly name: "faults" | "healing" | "check";
  readonly passed: boolean;
  readonly virtualMicroseconds: number;
  readonly rpcs: number;
  readonly operations: number;
}

export interface Counts {
  readonly operations: number;
  readonly acknowledged: number;
  readonly indeterminate: number;
  readonly pending: number;
  readonly rpcs: number;
  readonly bytes: number;
  readonly events: number;
  readonly virtualMicroseconds: number;
}

/** One fault, from the instant it struck to the instant it was healed. */
export interface FaultBand {
  /** The kind of fault: partition, crash, pause, loss, delay, duplication, reordering, transfer or membership. */
  readonly kind: string;
  /** In words, roles resolved: "isolate the leader (n3)". */
  readonly label: string;
  readonly at: number;
  readonly until: number;
  /** The nodes it concerned; empty for the whole network. */
  readonly nodes: readonly string[];
  /** Of a cut through all of them: who could still reach one another. */
  readonly groups?: readonly (readonly string[])[];
}

export interface ServerRow {
  readonly id: string;
  /** Back to back, in order of time. */
  readonly spans: readonly ServerSpan[];
}

export interface ServerSpan {
  readonly from: number;
  readonly until: number;
  readonly status: ServerStatus;
  readonly term: number;
}

export interface ReportedOperation {
  readonly id: number;
  readonly client: string;
  /** The key it touched. */
  readonly object: string;
  /** get, put, append, delete or cas. */
  readonly kind: string;
  /** The whole operation in words, such as `get x -> "1"`. */
  readonly words: string;
  readonly call: number;
  /** Null while no answer came. */
  readonly return: number | null;
  readonly outcome: "acknowledged" | "indeterminate" | "pending";
}

export interface ReportedObject {
  readonly object: string;
  readonly verdict: Verdict;
  /** Operation ids in an order that explains every answer; null if there is none or none was found. */
  readonly linearization: readonly number[] | null;
  /** Where there is none: the longest orders that the search could build. */
  readonly partials: readonly (readonly number[])[];
  /**
   * The state before everything and after each operation of that order, or of the longest of these; null if the run
   * was too long to tell. Absent from reports of earlier versions.
   */
  readonly states?: readonly string[] | null;
  /** Why it is illegal, or what stayed undecided; null if it is ok. */
  readonly explanation: Explanation | null;
}
